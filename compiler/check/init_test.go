package check_test

import (
	"math"
	"strconv"
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
	g, _ = checked(t, "input x[5, 8]\ninit xavier bias=0.25\nattention 4 kv_heads=1\nflatten; linear 1; loss mse; sgd")
	for i, rows := range map[int]float64{0: 8, 2: 2, 4: 2, 6: 8} { // each of the four matrices by itself
		assert.InDelta(t, math.Sqrt(6/(rows+8)), g.Params[i].Init.Uniform, 1e-12, g.Params[i].Name)
		assert.Equal(t, ir.Init{Fill: 0.25}, g.Params[i+1].Init, g.Params[i+1].Name)
	}
	g, _ = checked(t, "input x[5] of 7\ninit kaiming\nembedding 6\nflatten; linear 1; loss mse; sgd")
	assert.InDelta(t, 1, g.Params[0].Init.Uniform, 1e-12, "√2·√(3/6)")
}

// attentionParams returns the parameters of an attention of positions x [5, 8], whose memory y may be [2, 3].
func attentionParams(t *testing.T, spec string) []*ir.Value {
	g, list := checked(t, "input y[2, 3]; input x[5, 8]; from y; flatten; flat: linear 4; from x; "+spec+"; flatten; concat flat; linear 1; loss mse; sgd")
	require.Empty(t, list)
	return g.Params[2 : len(g.Params)-2]
}

// The weights of query, key and value start as Xavier has it for the one matrix of their rows, but each by itself where
// memory's width is another; the output's as PyTorch starts it. Biases start at 0.
func TestAttentionStarts(t *testing.T) {
	for spec, want := range map[string][]float64{
		"attention 2":                     {math.Sqrt(6.0 / 32), math.Sqrt(6.0 / 32), math.Sqrt(6.0 / 32), math.Sqrt(1.0 / 8)},
		"attention 4 kv_heads=2":          {math.Sqrt(6.0 / 24), math.Sqrt(6.0 / 24), math.Sqrt(6.0 / 24), math.Sqrt(1.0 / 8)},
		"attention 4 memory=y":            {math.Sqrt(6.0 / 16), math.Sqrt(6.0 / 11), math.Sqrt(6.0 / 11), math.Sqrt(1.0 / 8)},
		"attention 2 memory=x":            {math.Sqrt(6.0 / 32), math.Sqrt(6.0 / 32), math.Sqrt(6.0 / 32), math.Sqrt(1.0 / 8)},
		"attention 4 memory=y bias=false": {math.Sqrt(6.0 / 16), math.Sqrt(6.0 / 11), math.Sqrt(6.0 / 11), math.Sqrt(1.0 / 8)},
	} {
		var bounds []float64
		for _, p := range attentionParams(t, spec) {
			if len(p.Type.Shape) == 2 {
				bounds = append(bounds, p.Init.Uniform)
			} else {
				assert.Equal(t, ir.Init{}, p.Init, p.Name)
			}
		}
		assert.InDeltaSlice(t, want, bounds, 1e-12, spec)
	}
}

// PyTorch has the rows of query, key and value in one tensor, unless memory's width is another.
func TestAttentionIsPacked(t *testing.T) {
	packed := func(spec string) (names []string) {
		for _, p := range attentionParams(t, spec) {
			names = append(names, p.Packed)
		}
		return names
	}
	in, bias := "attention1.in_proj_weight", "attention1.in_proj_bias"
	out := []string{"attention1.out_proj.weight", "attention1.out_proj.bias"}
	assert.Equal(t, append([]string{in, bias, in, bias, in, bias}, out...), packed("attention 2"))
	assert.Equal(t, append([]string{"attention1.q_proj_weight", bias, "attention1.k_proj_weight", bias, "attention1.v_proj_weight", bias}, out...),
		packed("attention 2 memory=y"))
}

// Each matrix of a recurrent layer starts as it stands: its fans are its two axes. bias= reaches all its biases.
func TestInitReachesRecurrentLayers(t *testing.T) {
	for word, gates := range map[string]int{"rnn": 1, "gru": 3, "lstm": 4} {
		g, list := checked(t, "input x[5, 3]\ninit xavier bias=0.25\n"+word+" 6 layers=2 bidirectional last\nlinear 1; loss mse; sgd")
		require.Empty(t, list)
		rows, inputs := gates*6, map[string]int{"weight_ih_l0": 3, "weight_ih_l1": 12, "weight_hh_l0": 6, "weight_hh_l1": 6}
		for i, name := range []string{"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"} {
			for layer := range 2 {
				for way, suffix := range []string{"", "_reverse"} {
					p := g.Params[layer*8+way*4+i]
					name := name[:len(name)-1] + strconv.Itoa(layer)
					require.Equal(t, word+"1."+name+suffix, p.Name)
					if in := inputs[name]; in > 0 {
						assert.Equal(t, ir.Shape{rows, in}, p.Type.Shape, p.Name)
						assert.InDelta(t, math.Sqrt(6/float64(rows+in)), p.Init.Uniform, 1e-12, p.Name)
						continue
					}
					assert.Equal(t, ir.Shape{rows}, p.Type.Shape, p.Name)
					assert.Equal(t, ir.Init{Fill: 0.25}, p.Init, p.Name)
				}
			}
		}
		g, _ = checked(t, "input x[5, 3]\n"+word+" 6\nlast; linear 1; loss mse; sgd")
		for _, p := range g.Params[:4] {
			assert.InDelta(t, 1/math.Sqrt(6), p.Init.Uniform, 1e-12, p.Name)
		}
	}
}
