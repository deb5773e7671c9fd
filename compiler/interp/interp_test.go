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

// recipe is SGD at a rate of 1/8, with momentum unless that is 0.
func recipe(momentum float64) ir.Recipe {
	return ir.Recipe{Optimiser: op.SGDOptimiser(0.125, momentum, 0, 0, false)}
}

// slope returns the step of y = w·x with the mean of (y − t)².
func slope(r ir.Recipe) (g *ir.Graph, x, t, w *ir.Value) {
	forward := &ir.Graph{Recipe: r}
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
	g, x, target, w := slope(recipe(0.5))
	v := g.Slots[0]
	env := interp.Env{x: tensor(x.Type, 1), target: tensor(target.Type, 0), w: tensor(w.Type, 1), v: tensor(v.Type, 99)}
	start := env[w]
	for step, want := range []struct{ loss, grad, v, w float64 }{
		{1, 2, 2, 3.0 / 4}, {9.0 / 16, 3.0 / 2, 5.0 / 2, 7.0 / 16}, {49.0 / 256, 7.0 / 8, 17.0 / 8, 11.0 / 64},
	} {
		require.NoError(t, interp.Run(g, env, 1, step, nil))
		assert.Equal(t, want.loss, env[g.Loss].Data[0], "loss of step %d", step)
		assert.Equal(t, want.grad, env[g.Updater(w).Gradient()].Data[0], "gradient of step %d", step)
		assert.Equal(t, want.v, env[v].Data[0], "momentum after step %d", step)
		assert.Equal(t, want.w, env[w].Data[0], "weight after step %d", step)
	}
	assert.Equal(t, []float64{1}, start.Data, "the caller's tensors stay as they are")
}

// A cosine from lr over 4 steps: lr·½(1 + cos(πs/4)); the gradient of w² is 2w, so each step multiplies w by 1 − 2·rate.
func TestScalarsOfTheStep(t *testing.T) {
	r := recipe(0)
	r.Schedule = &ir.Schedule{Reads: ir.TotalSteps, Op: op.CosineSchedule(0, 0)}
	g, x, target, w := slope(r)
	var total, rate *ir.Value
	for _, v := range g.Scalars {
		switch v.Name {
		case ir.TotalSteps:
			total = v
		case ir.LearningRate:
			rate = v
		}
	}
	env := interp.Env{x: tensor(x.Type, 1), target: tensor(target.Type, 0), w: tensor(w.Type, 1), total: tensor(total.Type, 4)}
	const half = 0.7071067811865476 // cos(π/4)
	want := 1.0
	for step, lr := range []float64{0.125, 0.125 * (1 + half) / 2, 0.125 / 2, 0.125 * (1 - half) / 2, 0} {
		require.NoError(t, interp.Run(g, env, 1, step, nil))
		want *= 1 - 2*lr
		assert.InDelta(t, want, env[w].Data[0], 1e-15, "after step %d", step)
	}
	env[rate] = tensor(rate.Type, 0.25) // what the caller says goes before the recipe
	env[w] = tensor(w.Type, 1)
	require.NoError(t, interp.Run(g, env, 1, 0, nil))
	assert.Equal(t, 0.5, env[w].Data[0])

	delete(env, total)
	assert.ErrorContains(t, interp.Run(g, env, 1, 0, nil), "nothing is known of total")
}

// Adam's scalars are two results of one node; its first step goes by lr·g/(|g| + ε), whatever g is.
func TestNodesWithSeveralScalarResults(t *testing.T) {
	r := ir.Recipe{Optimiser: op.AdamOptimiser(0.125, 0.9, 0.999, 1e-8, 0, false)}
	g, x, target, w := slope(r)
	env := interp.Env{x: tensor(x.Type, 1), target: tensor(target.Type, 0), w: tensor(w.Type, 3)}
	for _, s := range g.Slots {
		env[s] = tensor(s.Type, 0)
	}
	require.NoError(t, interp.Run(g, env, 1, 0, nil))
	assert.InDelta(t, 3-0.125, env[w].Data[0], 1e-8)
	scalars := g.Updater(w).In[4:]
	require.Len(t, scalars, 3)
	assert.Equal(t, ir.Const, scalars[0].Role, "nothing clips the gradient: its scale is 1")
	assert.InDelta(t, 0.125/0.1, env[scalars[1]].Data[0], 1e-15)
	assert.InDelta(t, 1/0.03162277660168379, env[scalars[2]].Data[0], 1e-9)
}

// plus is an operation that overwrites its first operand with its sum with the second.
func plus() *ir.Op {
	return &ir.Op{Name: "plus", Overwrites: []ir.Pair{{}}, Types: func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil },
		Eval: func(ys, xs []ir.Tensor) {
			for i := range ys[0].Data {
				ys[0].Data[i] = xs[0].Data[i] + xs[1].Data[0]
			}
		}}
}

// A state that is overwritten twice in a step, once through a view, is in the next step what the second left.
func TestChainsOfOverwritesEndInTheState(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	state := b.Value(ir.State, "state", ir.Whole(2, 1))
	count := b.Value(ir.State, "count", ir.Type{Kind: ir.I64})
	once := b.Node("once", plus(), state, b.Const(1))[0]
	view := b.Node("view", op.Reshape(2), once)[0]
	twice := b.Node("twice", plus(), view, b.Const(10))[0]
	b.Node("count'", plus(), count, b.Const(1))
	require.NoError(t, ir.Verify(g))
	env := interp.Env{state: {Type: state.Type, Rows: 1, Data: []float64{1, 2}}, count: tensor(count.Type, 0)}
	for step := range 3 {
		require.NoError(t, interp.Run(g, env, 5, step, nil))
		past := 11 * float64(step)
		assert.Equal(t, []float64{past + 2, past + 3}, env[once].Data)
		assert.Equal(t, []float64{past + 12, past + 13}, env[twice].Data)
		assert.Equal(t, env[twice].Data, env[state].Data)
		assert.Equal(t, state.Type, env[state].Type, "in the state's shape")
		assert.Equal(t, float64(step+1), env[count].Data[0])
	}
}

func TestEveryValueIsKnownAfterwards(t *testing.T) {
	g, x, target, w := slope(recipe(0))
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
	g, x, target, w := slope(recipe(0.5))
	for _, missing := range []*ir.Value{x, target, w, g.Slots[0]} {
		env := interp.Env{x: tensor(x.Type, 1), target: tensor(target.Type, 0), w: tensor(w.Type, 1), g.Slots[0]: tensor(w.Type, 0)}
		delete(env, missing)
		assert.ErrorContains(t, interp.Run(g, env, 1, 0, nil), "nothing is known of "+missing.Name)
	}
}

func TestRandomNumbersComeFromTheStep(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	b.Layer = "dropout1"
	x := b.Value(ir.Input, "x", ir.Row(2))
	step := b.Scalar(ir.StepNumber)
	mask := b.Node("mask", op.DropoutMask(0.5, 2), step)[0]
	y := b.Node("dropout1", op.Dropout(), x, mask)[0]
	seen := &ir.Op{Name: "seen", Types: func([]ir.Type) ([]ir.Type, error) { return []ir.Type{{}}, nil },
		Eval: func(ys, xs []ir.Tensor) { ys[0].Data[0] = xs[0].Data[0] + xs[1].Data[0] }}
	sum := b.Node("sum", seen, step, b.Const(0.25))[0]

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
