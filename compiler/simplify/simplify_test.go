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

func sgd() *ir.Optimiser { return &ir.Optimiser{Op: op.SGD(0.1, 0, 0, 0, false)} }

func adam() *ir.Optimiser {
	return &ir.Optimiser{Op: op.Adam(0.01, 0.9, 0.999, 1e-8, 0), Slots: []string{"m", "v"}, Counts: true}
}

// run returns what two steps from the same start leave: outputs and loss of each, parameters and slots.
func run(t *testing.T, g *ir.Graph) (left [][]float64) {
	t.Helper()
	r, env := rand.New(rand.NewPCG(1, 2)), interp.Env{}
	for _, list := range [][]*ir.Value{g.Inputs, g.Targets, g.Params, g.Slots} {
		for _, v := range list {
			env[v] = ir.NewTensor(v.Type, rows)
			for i := range env[v].Data {
				if v.Role != ir.Slot {
					env[v].Data[i] = r.NormFloat64()
				}
			}
		}
	}
	for step := range 2 {
		require.NoError(t, interp.Run(g, env, rows, step, nil))
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
				assert.Equal(t, small.String(), simplify.Graph(g).String())
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
		"linear1.weight'", "linear1.bias'", "linear2.weight'", "linear2.bias'"}, names(simplify.Dead(step)))
	assert.Len(t, step.Nodes, 18, "with the input's gradient")
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

func TestDeadDropsTheCounterWithItsLastReader(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(3))
	mask := b.Node("mask", op.DropoutMask(0.5, 3), b.Counter())[0]
	y := b.Node("dropout1", op.Dropout(), x, mask)[0]
	g.Outputs = []*ir.Value{y}
	assert.Same(t, g.Counter, simplify.Dead(g).Counter)
	g.Outputs = []*ir.Value{x}
	small := simplify.Dead(g)
	assert.Nil(t, small.Counter)
	assert.Empty(t, small.Nodes)
	assert.NotNil(t, g.Counter)
}

func TestNothingOfNothing(t *testing.T) {
	assert.Nil(t, simplify.Graph(nil))
	assert.Empty(t, simplify.Graph(&ir.Graph{}).Nodes)
}
