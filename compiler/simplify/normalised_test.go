package simplify_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// predicting is a prediction of x through what makes h, a batch norm by running statistics, and relu.
func predicting(shape ir.Shape, channels int, make func(b *ir.Builder, x *ir.Value) *ir.Value) *ir.Graph {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	h := make(b, b.Value(ir.Input, "x", ir.Row(shape...)))
	statistics := []*ir.Value{h}
	for _, name := range []string{"mean", "variance", "weight", "bias"} {
		statistics = append(statistics, b.Value(ir.Param, name, ir.Whole(channels)))
	}
	y := b.Node("norm", op.BatchNormPredict(0.1, true), statistics...)[0]
	g.Outputs = b.Node("relu", op.ReLU(), y)
	return g
}

// A batch norm follows the product that makes what it normalises, with what comes behind it, where the product's columns
// are its channels.
func TestBatchNormFollowsAProduct(t *testing.T) {
	conv := func(b *ir.Builder, x *ir.Value) *ir.Value {
		c := op.Convolution{StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, Groups: 1}
		return b.Node("conv", op.Conv(c, false), x, b.Value(ir.Param, "w", ir.Whole(70, 2, 2, 3)))[0]
	}
	linear := func(b *ir.Builder, x *ir.Value) *ir.Value {
		return b.Node("linear", op.Linear(false), x, b.Value(ir.Param, "w", ir.Whole(5, x.Type.Shape.Last())))[0]
	}
	for name, c := range map[string]struct {
		graph *ir.Graph
		want  []string
	}{
		"a convolution":   {predicting(ir.Shape{2, 4, 4}, 70, conv), []string{"batchnorm_factors", "conv+batchnorm_apply+relu"}},
		"along rows":      {predicting(ir.Shape{7}, 5, linear), []string{"batchnorm_factors", "linear+batchnorm_apply+relu"}},
		"along sequences": {predicting(ir.Shape{3, 7}, 5, linear), []string{"batchnorm_factors", "linear+batchnorm_apply+relu"}},
		"of images, not":  {predicting(ir.Shape{2, 3, 7}, 2, linear), []string{"linear", "batchnorm_predict", "relu"}},
		"an activation between": {predicting(ir.Shape{7}, 5, func(b *ir.Builder, x *ir.Value) *ir.Value {
			return b.Node("softmax", op.Softmax(), linear(b, x))[0]
		}), []string{"linear", "softmax", "batchnorm_predict", "relu"}},
		"an input": {predicting(ir.Shape{7}, 7, func(b *ir.Builder, x *ir.Value) *ir.Value { return x }), []string{"batchnorm_predict", "relu"}},
	} {
		t.Run(name, func(t *testing.T) {
			simple := simplify.Graph(c.graph, nil)
			require.NoError(t, ir.Verify(simple))
			var names []string
			for _, n := range simple.Nodes {
				names = append(names, n.Op.Name)
			}
			assert.Equal(t, c.want, names)
			assert.InDeltaSlice(t, predicted(t, c.graph), predicted(t, simple), 1e-12)
		})
	}
}

// predicted is what a graph predicts from numbers drawn for all that it is given.
func predicted(t *testing.T, g *ir.Graph) []float64 {
	r, env := rand.New(rand.NewPCG(1, 2)), interp.Env{}
	for _, list := range [][]*ir.Value{g.Inputs, g.Params} {
		for _, v := range list {
			env[v] = ir.NewTensor(v.Type, rows)
			for i := range env[v].Data {
				env[v].Data[i] = 0.1 + r.Float64()
			}
		}
	}
	require.NoError(t, interp.Run(g, env, rows, 0, nil))
	return env[g.Outputs[0]].Data
}
