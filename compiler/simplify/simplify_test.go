package simplify_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

const rows = 3

// forward builds x [n, 4] → linear → activation → linear → … → mse, with dead branches where asked.
func forward(layers int, activation func() *ir.Op, optimiser *ir.Optimiser, dead bool) *ir.Graph {
	g := &ir.Graph{Model: "Net", Recipe: ir.Recipe{Optimiser: optimiser}}
	b := ir.NewBuilder(g)
	x, target := b.Value(ir.Input, "x", ir.Row(4)), b.Value(ir.Target, "target", ir.Row(4))
	h := x
	for i := range layers {
		name := fmt.Sprint("linear", i+1)
		h = b.Node(name, op.Linear(true), h, b.Value(ir.Param, name+".weight", ir.Whole(4, 4)), b.Value(ir.Param, name+".bias", ir.Whole(4)))[0]
		if dead {
			aside := b.Node("aside", op.Mul(), h, h)[0]
			b.Node("further", op.Softmax(), aside)
		}
		h = b.Node(activation().Name, activation(), h)[0]
	}
	b.Phase = ir.Loss
	g.Outputs, g.Loss = []*ir.Value{h}, b.Node("loss", op.MSE(), h, target)[0]
	return g
}

func sgd() *ir.Optimiser {
	return op.SGDOptimiser(0.1, 0, 0, 0, false)
}

func adam() *ir.Optimiser {
	return op.AdamOptimiser(0.01, 0.9, 0.999, 1e-8, 0, false)
}

// drop is a mask that drops every third element.
func drop(_ *ir.Node, step int, y ir.Tensor) {
	for i := range y.Data {
		y.Data[i] = float64((i + step) % 3)
	}
}

// run returns what two steps from the same start leave: outputs and loss of each, parameters and slots.
func run(t *testing.T, g *ir.Graph) (left [][]float64) {
	t.Helper()
	r, env := rand.New(rand.NewPCG(1, 2)), interp.Env{}
	for _, list := range [][]*ir.Value{g.Inputs, g.Targets, g.Params, g.Slots} {
		for _, v := range list {
			env[v] = ir.NewTensor(v.Type, rows)
			for i := range env[v].Data {
				switch {
				case v.Type.Limit > 0:
					env[v].Data[i] = float64(r.IntN(min(v.Type.Limit, 3))) // some several times
				case v.Role != ir.Slot:
					env[v].Data[i] = r.NormFloat64()
				}
			}
		}
	}
	for step := range 2 {
		require.NoError(t, interp.Run(g, env, rows, step, drop))
		for _, v := range g.Outputs {
			left = append(left, env[v].Data)
		}
		if g.Loss != nil {
			left = append(left, env[g.Loss].Data)
		}
	}
	for _, v := range append(append([]*ir.Value{}, g.Params...), g.Slots...) {
		left = append(left, env[v].Data)
	}
	return left
}

func names(g *ir.Graph) (made []string) {
	for _, n := range g.Nodes {
		made = append(made, n.Out[0].Name)
	}
	return made
}

func TestDeadKeepsTheMeaning(t *testing.T) {
	for name, f := range map[string]*ir.Graph{
		"one layer":      forward(1, op.Tanh, sgd(), false),
		"three layers":   forward(3, op.Sigmoid, sgd(), false),
		"adam":           forward(2, op.ReLU, adam(), false),
		"dead branches":  forward(3, op.Tanh, sgd(), true),
		"dead, and adam": forward(2, op.Softmax, adam(), true),
	} {
		t.Run(name, func(t *testing.T) {
			for _, g := range []*ir.Graph{autodiff.Step(f), autodiff.Predict(f)} {
				text := g.String()
				small := simplify.Dead(g)
				require.NoError(t, ir.Verify(small))
				assert.Equal(t, run(t, g), run(t, small))
				assert.Equal(t, text, g.String(), "the graph that it was given stays as it is")
				assert.Equal(t, small.String(), simplify.Dead(small).String(), "nothing is left to do")
				assert.NotContains(t, names(small), "∂x")
				assert.NotContains(t, names(small), "aside")
				assert.NotContains(t, names(small), "further")
			}
		})
	}
}

func TestDeadDropsTheInputsGradientAndNothingElse(t *testing.T) {
	step := autodiff.Step(forward(2, op.Tanh, sgd(), false))
	require.Contains(t, names(step), "∂x")
	assert.Equal(t, []string{"linear1", "tanh", "linear2", "tanh'", "loss", "∂tanh'", "∂linear2",
		"∂tanh", "∂linear2.weight", "∂linear2.bias", "∂linear1", "∂linear1.weight", "∂linear1.bias",
		"rate", "linear1.weight'", "linear1.bias'", "linear2.weight'", "linear2.bias'"}, names(simplify.Dead(step)))
	assert.Len(t, step.Nodes, 19, "with the input's gradient")
}

// A node lives if any of its results is needed.
func TestDeadKeepsNodesForTheirLaterResults(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	x, c := b.Value(ir.Input, "x", ir.Row(3)), b.Value(ir.Target, "c", ir.Classes(3))
	both := b.Node("loss", op.CrossEntropy(0), x, c)
	g.Outputs = both[1:]
	assert.Equal(t, []string{"loss"}, names(simplify.Dead(g)))
	g.Outputs = nil
	assert.Empty(t, simplify.Dead(g).Nodes)
	g.Loss = both[0]
	assert.Equal(t, []string{"loss"}, names(simplify.Dead(g)))
}

func TestDeadDropsScalarsWithTheirLastReader(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(3))
	step := b.Scalar(ir.StepNumber)
	mask := b.Node("mask", op.DropoutMask(0.5, 3), step)[0]
	y := b.Node("dropout1", op.Dropout(), x, mask)[0]
	g.Outputs = []*ir.Value{y}
	assert.Equal(t, []*ir.Value{step}, simplify.Dead(g).Scalars)
	g.Outputs = []*ir.Value{x}
	small := simplify.Dead(g)
	assert.Empty(t, small.Scalars)
	assert.Empty(t, small.Nodes)
	assert.Len(t, g.Scalars, 1)
}

// stamp is an operation that overwrites its first operand.
func stamp() *ir.Op {
	return &ir.Op{Name: "stamp", Overwrites: []ir.Pair{{}}, Types: func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil }}
}

// A node lives because it changes what lasts, or because it is read; not because of its phase, nor because it overwrites
// what the arena holds.
func TestDeadGoesByEffects(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(3))
	state, param := b.Value(ir.State, "mean", ir.Whole(3)), b.Value(ir.Param, "w", ir.Whole(3))
	y := b.Node("y", op.Tanh(), x)[0]
	source := b.Node("source", op.Tanh(), x)[0]
	b.Node("mean'", stamp(), state, source)
	b.Node("arena'", stamp(), b.Node("arena", op.Tanh(), x)[0])
	g.Outputs, b.Phase = []*ir.Value{y}, ir.Prelude
	b.Node("unread", op.Rounded(), b.Scalar(ir.LearningRate))
	b.Phase = ir.Update
	b.Node("unchanged", op.Tanh(), param)
	view := b.Node("view", op.Reshape(3), param)[0]
	b.Node("w'", stamp(), view)
	require.NoError(t, ir.Verify(g))
	assert.Equal(t, []string{"y", "source", "mean'", "view", "w'"}, names(simplify.Dead(g)))
	assert.Empty(t, simplify.Dead(g).Scalars)
}

// A rule through ir.Rewrite, as the rewrites of this package are: tanh of tanh is one node.
func TestARuleKeepsTheMeaning(t *testing.T) {
	twice := &ir.Op{Name: "twice", Types: op.Tanh().Types, FLOPs: op.Tanh().FLOPs, Eval: func(ys, xs []ir.Tensor) {
		half := ir.Tensor{Type: ys[0].Type, Rows: ys[0].Rows, Data: make([]float64, len(ys[0].Data))}
		op.Tanh().Eval([]ir.Tensor{half}, xs)
		op.Tanh().Eval(ys, []ir.Tensor{half})
	}}
	fuse := func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		if n.Op.Name != "tanh" || in[0].Def == nil || in[0].Def.Op.Name != "tanh" {
			return nil, false
		}
		return b.Node(n.Out[0].Name, twice, in[0].Def.In...), true
	}
	g := autodiff.Predict(forward(2, func() *ir.Op { return op.Tanh() }, sgd(), false))
	b := ir.NewBuilder(g)
	b.Layer = "tanh3"
	g.Outputs = b.Node("tanh3", op.Tanh(), g.Outputs[0])
	text := g.String()
	fused := simplify.Dead(ir.Rewrite(g, fuse))
	require.NoError(t, ir.Verify(fused))
	assert.Equal(t, []string{"linear1", "tanh", "linear2", "tanh3"}, names(fused))
	assert.Equal(t, "twice", fused.Nodes[3].Op.Name)
	assert.Equal(t, "tanh3", fused.Nodes[3].Layer)
	assert.Equal(t, run(t, g), run(t, fused))
	assert.Equal(t, text, g.String())
}

func TestNothingOfNothing(t *testing.T) {
	assert.Nil(t, simplify.Graph(nil, nil))
	assert.Empty(t, simplify.Graph(&ir.Graph{}, nil).Nodes)
}
