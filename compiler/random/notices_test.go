package random

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A model that does a little else than its spec says does not agree with the meaning of that.
func TestComparisonNotices(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of models")
	}
	t.Parallel()
	const spec = `input x[3, 4]
linear 4->5; leaky_relu slope=0.2
layernorm eps=0.1
conv1d 6 kernel=3 pad=1
gru 4 bidirectional
attention 2 rope base=100
dropout 0.3
flatten
batchnorm eps=0.1 momentum=0.3
linear 3; hardtanh max=0.25
noise 0.1
y: linear 2
loss huber delta=0.5
loss mse weight=0.5
adam 0.01 beta2=0.9 eps=0.01 decay=0.1
clip 0.5
schedule step 2 gamma=0.5 every=steps
average decay=0.6
accumulate 2
batch 3
`
	changes := [][2]string{
		{"slope=0.2", "slope=0.203"}, {"layernorm eps=0.1", "layernorm eps=0.103"}, {"pad=1", "dilation=2 pad=2"}, {"base=100", "base=120"}, {"dropout 0.3", "dropout 0.301"},
		{"momentum=0.3", "momentum=0.3003"}, {"max=0.25", "max=0.2501"}, {"noise 0.1", "noise 0.1003"}, {"delta=0.5", "delta=0.501"}, {"weight=0.5", "weight=0.5005"},
		{"adam 0.01", "adam 0.010003"}, {"beta2=0.9", "beta2=0.9003"}, {"eps=0.01", "eps=0.01003"}, {"decay=0.1", "decay=0.1003"}, {"clip 0.5", "clip 0.5003"},
		{"gamma=0.5", "gamma=0.5003"}, {"average decay=0.6", "average decay=0.6003"}, {"accumulate 2", "accumulate 3"}, {"adam 0.01", "adam 0.01 amsgrad"},
		{"", ""}, // this one agrees
	}
	p := &program{folder: t.TempDir()}
	var exact []*course
	for i, change := range changes {
		name := fmt.Sprintf("Other%d", i)
		right, err := newTrial(name, spec)
		require.NoError(t, err)
		wrong, err := newTrial(name, strings.Replace(spec, change[0], change[1], 1))
		require.NoError(t, err)
		exact = append(exact, right.draws())
		right.code = wrong.code
		p.trials = append(p.trials, right)
	}
	made, err := p.run()
	require.NoError(t, err)
	for i, change := range changes {
		var n counts
		if err := compare(p.trials[i], exact[i], made, &n); change[0] != "" {
			assert.Error(t, err, "%s is compiled as %s", change[0], change[1])
		} else {
			assert.NoError(t, err)
		}
	}
}
