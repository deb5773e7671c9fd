package interp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// slope returns the step of y = w·x with the mean of (y − t)² and an optimiser.
func slope(o *ir.Optimiser) (g *ir.Graph, x, t, w *ir.Value) {
	forward := &ir.Graph{Recipe: ir.Recipe{Optimiser: o}}
	b := ir.NewBuilder(forward)
	x, t, w = b.Value(ir.Input, "x", ir.Row(1)), b.Value(ir.Target, "t", ir.Row(1)), b.Value(ir.Param, "w", ir.Whole(1, 1))
	y := b.Node("y", op.Linear(false), x, w)[0]
	b.Phase = ir.Loss
	forward.Outputs, forward.Loss = []*ir.Value{y}, b.Node("loss", op.MSE(), y, t)[0]
	return autodiff.Step(forward), x, t, w
}

func tensor(t ir.Type, values ...float64) ir.Tensor {
	return ir.Tensor{Type: t, Rows: len(values), Data: values}
}

// With x = 1 and t = 0 the loss is w² and its gradient 2w. From w = 1, with lr = 1/8 and momentum = 1/2:
// v = 2, w = 3/4; v = 1 + 3/2 = 5/2, w = 7/16; v = 5/4 + 7/8 = 17/8, w = 11/64.
func TestWhatIsOverwrittenCarriesOver(t *testing.T) {
	g, x, target, w := slope(&ir.Optimiser{Op: op.SGD(0.125, 0.5, 0, 0, false), Slots: []string{"momentum"}, Counts: true})
	v := g.Slots[0]
	env := interp.Env{x: tensor(x.Type, 1), target: tensor(target.Type, 0), w: tensor(w.Type, 1), v: tensor(v.Type, 99)}
	start := env[w]
	for step, want := range []struct{ loss, grad, v, w float64 }{
		{1, 2, 2, 3.0 / 4}, {9.0 / 16, 3.0 / 2, 5.0 / 2, 7.0 / 16}, {49.0 / 256, 7.0 / 8, 17.0 / 8, 11.0 / 64},
	} {
		require.NoError(t, interp.Run(g, env, 1, step, nil))
		assert.Equal(t, want.loss, env[g.Loss].Data[0], "loss of step %d", step)
		assert.Equal(t, want.grad, env[g.Grad(w)].Data[0], "gradient of step %d", step)
		assert.Equal(t, want.v, env[v].Data[0], "momentum after step %d", step)
		assert.Equal(t, want.w, env[w].Data[0], "weight after step %d", step)
	}
	assert.Equal(t, []float64{1}, start.Data, "the caller's tensors stay as they are")
}

func TestEveryValueIsKnownAfterwards(t *testing.T) {
	g, x, target, w := slope(&ir.Optimiser{Op: op.SGD(0.125, 0, 0, 0, false)})
	env := interp.Env{x: tensor(x.Type, 1, 2, 3), target: tensor(target.Type, 1, 1, 1), w: tensor(w.Type, 2)}
	require.NoError(t, interp.Run(g, env, 3, 0, nil))
	for _, n := range g.Nodes {
		for _, v := range n.Out {
			assert.Equal(t, v.Type, env[v].Type, v.Name)
		}
	}
	assert.Equal(t, []float64{2, 4, 6}, env[g.Outputs[0]].Data)
	assert.InDelta(t, (1+9+25)/3.0, env[g.Loss].Data[0], 1e-12, "the mean over the rows")
}

func TestMissingValuesAreAnError(t *testing.T) {
	g, x, target, w := slope(&ir.Optimiser{Op: op.SGD(0.125, 0.5, 0, 0, false), Slots: []string{"momentum"}, Counts: true})
	for _, missing := range []*ir.Value{x, target, w, g.Slots[0]} {
		env := interp.Env{x: tensor(x.Type, 1), target: tensor(target.Type, 0), w: tensor(w.Type, 1), g.Slots[0]: tensor(w.Type, 0)}
		delete(env, missing)
		assert.ErrorContains(t, interp.Run(g, env, 1, 0, nil), "nothing is known of "+missing.Name)
	}
}

func TestRandomNumbersAndTheCounterComeFromTheStep(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	b.Layer = "dropout1"
	x := b.Value(ir.Input, "x", ir.Row(2))
	mask := b.Node("mask", op.DropoutMask(0.5, 2), b.Counter())[0]
	y := b.Node("dropout1", op.Dropout(), x, mask)[0]
	seen := &ir.Op{Name: "seen", Types: func([]ir.Type) ([]ir.Type, error) { return []ir.Type{{}}, nil },
		Eval: func(ys, xs []ir.Tensor) { ys[0].Data[0] = xs[0].Data[0] + xs[1].Data[0] }}
	sum := b.Node("sum", seen, b.Counter(), b.Const(0.25))[0]

	env := interp.Env{x: tensor(x.Type, 1, 2, 3, 4)}
	for _, step := range []int{0, 7} {
		require.NoError(t, interp.Run(g, env, 2, step, func(n *ir.Node, s int, m ir.Tensor) {
			assert.Equal(t, "dropout1", n.Layer)
			assert.Equal(t, step, s)
			assert.Len(t, m.Data, 4, "two rows of two")
			copy(m.Data, []float64{0, 2, float64(s), 0})
		}))
		assert.Equal(t, []float64{0, 4, 3 * float64(step), 0}, env[y].Data)
		assert.Equal(t, []float64{float64(step) + 0.25}, env[sum].Data)
	}
}
