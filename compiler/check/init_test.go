package check_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The fans are those of torch.nn.init: the second axis of a weight times its kernel, and the first times the kernel. What
// torch.nn.init.xavier_uniform_ and kaiming_normal_ make of them is written out here for each shape.
func TestInitKnowsTheFansOfKernels(t *testing.T) {
	layers := map[string]struct {
		text            string
		fanIn, fanOut   float64
		shape           ir.Shape
		whatever, start float64 // a layer's own bound for its bias; with no init, for its weight
	}{
		"conv":   {"conv 6 kernel=[3, 2]", 4 * 6, 6 * 6, ir.Shape{6, 4, 3, 2}, 1 / math.Sqrt(24), 1 / math.Sqrt(24)},
		"groups": {"conv 6 kernel=3 groups=2", 2 * 9, 6 * 9, ir.Shape{6, 2, 3, 3}, 1 / math.Sqrt(18), 1 / math.Sqrt(18)},
		"deconv": {"deconv 6 kernel=3 groups=2", 3 * 9, 4 * 9, ir.Shape{4, 3, 3, 3}, 1 / math.Sqrt(27), 1 / math.Sqrt(27)},
	}
	for name, l := range layers {
		for init, want := range map[string]ir.Init{
			"default":               {Uniform: l.start},
			"xavier":                {Uniform: math.Sqrt(6 / (l.fanIn + l.fanOut))},
			"xavier gain=0.5":       {Uniform: 0.5 * math.Sqrt(6/(l.fanIn+l.fanOut))},
			"xavier_normal":         {Normal: math.Sqrt(2 / (l.fanIn + l.fanOut))},
			"kaiming":               {Uniform: math.Sqrt(2) * math.Sqrt(3/l.fanIn)},
			"kaiming_normal gain=1": {Normal: 1 / math.Sqrt(l.fanIn)},
			"normal std=0.02":       {Normal: 0.02},
			"uniform bound=0.3":     {Uniform: 0.3},
			"zeros":                 {},
			"ones":                  {Fill: 1},
		} {
			g, list := checked(t, "input x[4, 9, 8]\ninit "+init+"\n"+l.text+"\nflatten; linear 1; loss mse; sgd")
			require.Empty(t, list, init)
			assert.Equal(t, l.shape, g.Params[0].Type.Shape, name)
			for of, pair := range map[string][2]float64{"uniform": {want.Uniform, g.Params[0].Init.Uniform}, "normal": {want.Normal, g.Params[0].Init.Normal}, "fill": {want.Fill, g.Params[0].Init.Fill}} {
				assert.InDelta(t, pair[0], pair[1], 1e-12, "%s of %s: %s", of, name, init)
			}
			assert.InDelta(t, l.whatever, g.Params[1].Init.Uniform, 1e-12, "the bias of %s: %s", name, init)
		}
	}
	g, _ := checked(t, "input x[5, 4]\ninit xavier bias=0.25\nconv1d 6 kernel=3\nflatten; linear 1; loss mse; sgd")
	assert.InDelta(t, math.Sqrt(6/(4*3+6*3.0)), g.Params[0].Init.Uniform, 1e-12)
	assert.Equal(t, ir.Init{Fill: 0.25}, g.Params[1].Init)
	g, _ = checked(t, "input x[5] of 7\ninit kaiming\nembedding 6\nflatten; linear 1; loss mse; sgd")
	assert.InDelta(t, 1, g.Params[0].Init.Uniform, 1e-12, "√2·√(3/6)")
}
