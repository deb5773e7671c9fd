package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(specimen{name: "Blend", area: elementwise, axes: 1, at: func(a, _ int) call {
	return call{dst: []extent{state(rows(a))}, src: []extent{rows(a)}, elementwise: true,
		run: func(p *Pool, d, s [][]float32, n int) { Blend(p, d[0], s[0], 0.3, n, a) }}
}, mapped: func(d, s [][]float32, n, a int) Map { return MapBlend(d[0], s[0], 0.3, n, a) }})

// A mean begins with its first number, whatever stands there; then it stays where the numbers stay, to the bit.
func TestBlendIsARunningMean(t *testing.T) {
	nan := float32(math.NaN())
	a, x := []float32{nan, 7, 1e30}, []float32{0.1, -3, 2}
	Blend(nil, a, x, AverageShare(0, 0.999), 1, 3)
	assert.Equal(t, x, a)
	for step := range uint64(3) {
		Blend(nil, a, x, AverageShare(1+step, 0.999), 1, 3)
	}
	assert.Equal(t, x, a)
	Blend(nil, a, []float32{1.1, -3, 4}, AverageShare(9, 0.75), 1, 3)
	assert.InDeltaSlice(t, []float32{0.35, -3, 2.5}, a, 1e-7) // ¾·0.1 + ¼·1.1
}
