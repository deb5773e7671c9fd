package train

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLivingLine(t *testing.T) {
	var b bytes.Buffer
	clock := time.Unix(0, 0)
	p := newProgress(&b, Job{Progress: "line", Width: 60})
	p.now = func() time.Time { return clock }
	p.start = clock

	at := moment{epoch: 1, epochs: 20, step: 10, steps: 100, loss: 0.3124, rows: 640, ofRows: 64000}
	clock = clock.Add(time.Second)
	p.step(at)
	assert.Equal(t, "\r\x1b[Kepoch 1/20  step 10/100  loss 0.3124  640 rows/s", b.String())

	b.Reset()
	clock = clock.Add(refresh / 2)
	p.step(at)
	assert.Empty(t, b.String(), "the line is young")
	clock = clock.Add(refresh)
	p.step(at)
	assert.NotEmpty(t, b.String())

	b.Reset()
	p.epoch("epoch 1/20  loss 0.3")
	assert.Equal(t, "\r\x1b[Kepoch 1/20  loss 0.3\n", b.String())
	b.Reset()
	p.clear()
	assert.Empty(t, b.String(), "there is nothing to take away")
}

func TestPlainProgressHasNoControlCharacters(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, Job{})
	p.step(moment{})
	p.epoch("epoch 1/1  loss 2")
	p.clear()
	assert.Equal(t, "epoch 1/1  loss 2\n", b.String())
}

func TestColor(t *testing.T) {
	for _, color := range []bool{false, true} {
		var b bytes.Buffer
		newProgress(&b, Job{Progress: "line", Color: color}).step(moment{})
		assert.Equal(t, color, strings.Contains(b.String(), "\x1b[2m"))
	}
}

func TestNumber(t *testing.T) {
	for want, v := range map[string]float64{"0.3124": 0.312409, "38512.3": 38512.34, "0.781": 0.781, "-1234.5": -1234.5, "1e-05": 1e-5, "1e+12": 1e12, "0": 0} {
		assert.Equal(t, want, number(v))
	}
}
