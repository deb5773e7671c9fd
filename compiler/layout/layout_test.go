package layout_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/layout"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

const rows = 3

// product is a product with a weight that may lie in these layouts, forwards and backwards.
func product(may ...ir.Layout) *ir.Op {
	weight := func(op *ir.Op, operand, result int) *ir.Op {
		op.Layouts = ir.Layouts{Operands: map[int][]ir.Layout{operand: may}, Results: map[int][]ir.Layout{result: may}}
		return op
	}
	const none = 9
	card := weight(op.Linear(false), 1, none)
	card.Name = "product"
	card.Grad = func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
		return []*ir.Value{
			b.Node("∂"+n.In[0].Name, weight(op.LinearGradInput(), 1, none), dys[0], n.In[1])[0],
			b.Node("∂"+n.In[1].Name, weight(op.LinearGradWeight(), none, 0), n.In[0], dys[0])[0],
		}
	}
	return card
}

// model is a step and a prediction of y = x·Wᵀ·Wᵀ with two products of one weight.
func model(first, second *ir.Op, change func(r *ir.Recipe)) (step, predict *ir.Graph) {
	g := &ir.Graph{Recipe: ir.Recipe{Batch: rows, Optimiser: op.AdamOptimiser(0.1, 0.9, 0.999, 1e-8, 0, false)}}
	if change != nil {
		change(&g.Recipe)
	}
	b := ir.NewBuilder(g)
	x, target := b.Value(ir.Input, "x", ir.Row(20)), b.Value(ir.Target, "target", ir.Row(20))
	w := b.Value(ir.Param, "w", ir.Whole(20, 20))
	h := b.Node("tanh", op.Tanh(), b.Node("one", first, x, w)[0])[0]
	y := b.Node("two", second, h, w)[0]
	b.Phase = ir.Loss
	g.Outputs, g.Loss = []*ir.Value{y}, b.Node("loss", op.MSE(), y, target)[0]
	return simplify.Dead(autodiff.Step(g)), simplify.Dead(autodiff.Predict(g))
}

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
		left = append(left, env[g.Outputs[0]].Data)
	}
	for _, v := range append(append([]*ir.Value{}, g.Params...), g.Slots...) {
		left = append(left, env[v].Data)
	}
	return left
}

func reorders(g *ir.Graph) (n int) {
	for _, node := range g.Nodes {
		if node.Op.Name == "reorder" {
			n++
		}
	}
	return n
}

// lies requires that a parameter, its slots, its gradient and what updates it lie in that layout.
func lies(t *testing.T, g *ir.Graph, want ir.Layout) {
	t.Helper()
	w := g.Params[0]
	assert.Equal(t, want, w.Layout)
	for _, s := range g.Slots {
		assert.Equal(t, want, s.Layout, s.Name)
	}
	if update := g.Updater(w); update != nil {
		assert.Equal(t, want, update.Gradient().Layout)
		for _, v := range update.Out {
			assert.Equal(t, want, v.Layout, v.Name)
		}
	}
	for _, n := range g.Nodes {
		if n.Op.Name == "add" && n.Out[0].Type.Equal(w.Type) {
			for _, v := range append(n.In, n.Out...) {
				assert.Equal(t, want, v.Layout, "a sum of gradients and its part %s", v.Name)
			}
		}
	}
	for _, list := range [][]*ir.Value{g.Inputs, g.Targets, g.Outputs, {g.Loss}} {
		for _, v := range list {
			if v != nil {
				assert.Equal(t, ir.RowMajor, v.Layout, v.Name)
			}
		}
	}
}

func TestAssign(t *testing.T) {
	R, P := ir.RowMajor, ir.Panels
	for name, c := range map[string]struct {
		first, second   *ir.Op
		want            ir.Layout
		train, predicts int // reorderings
	}{
		"both as they like":                {op.Linear(false), op.Linear(false), P, 0, 0},
		"one in panels alone":              {product(P), op.Linear(false), P, 0, 0},
		"one row by row alone: a table":    {product(R), op.Linear(false), R, 0, 0},
		"the same behind the product":      {op.Linear(false), product(R), R, 0, 0},
		"one likes rows, both take either": {product(R, P), op.Linear(false), R, 0, 0},
		// The second product has a gradient of its input too, so that most readers are its own; W and ∂W of the first are reordered.
		"one panels, one rows":          {product(P), product(R), R, 2, 1},
		"one rows, one panels":          {product(R), product(P), P, 2, 1},
		"neither has a wish: as before": {product(R), product(R), R, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			step, predict := model(c.first, c.second, nil)
			wantStep, wantPredict := run(t, step), run(t, predict)
			laid := layout.Assign(step, nil, predict)
			require.Len(t, laid, 3)
			assert.Nil(t, laid[1])
			for _, g := range []*ir.Graph{laid[0], laid[2]} {
				assert.True(t, g.LaidOut)
				require.NoError(t, ir.Verify(g))
				lies(t, g, c.want)
			}
			assert.Equal(t, c.train, reorders(laid[0]), laid[0].String())
			assert.Equal(t, c.predicts, reorders(laid[2]), laid[2].String())
			assert.Equal(t, wantStep, run(t, laid[0]), "the meaning stays")
			assert.Equal(t, wantPredict, run(t, laid[2]))
			assert.Same(t, laid[0].Params[0], laid[2].Params[0], "the graphs share their parameters")
			assert.Same(t, laid[0].Params[0], laid[0].Updater(step.Params[0]).Updates)

			again, other := model(c.first, c.second, nil)
			for range 3 {
				second := layout.Assign(again, nil, other)
				assert.Equal(t, laid[0].String(), second[0].String(), "deterministic")
				assert.Equal(t, laid[2].String(), second[2].String())
			}
		})
	}
}

// The parts that clipping reads and cuts lie as the gradients do: in any order, or as they lie.
func TestClippedGradientsFollow(t *testing.T) {
	for name, clip := range map[string]*ir.Clip{
		"by norm":  {Scale: func(k int) *ir.Op { return op.ClipScale(0.1, k) }},
		"by value": {Each: op.ClipValue(0.01)},
	} {
		t.Run(name, func(t *testing.T) {
			step, _ := model(op.Linear(false), op.Linear(false), func(r *ir.Recipe) { r.Clip = clip })
			want := run(t, step)
			laid := layout.Assign(step)
			require.NoError(t, ir.Verify(laid[0]))
			lies(t, laid[0], ir.Panels)
			assert.Zero(t, reorders(laid[0]))
			assert.Equal(t, want, run(t, laid[0]))
		})
	}
}

// An update that works row by row alone decides, since it cannot work on a copy, however many like panels.
func TestWhatOverwritesDecides(t *testing.T) {
	P := ir.Panels
	step, predict := model(product(P), product(P), func(r *ir.Recipe) {
		r.Optimiser = op.SGDOptimiser(0.1, 0, 0, 0, false)
		r.Optimiser.Update.Order = ir.Fixed
	})
	want := run(t, step)
	laid := layout.Assign(step, predict)
	for _, g := range laid {
		require.NoError(t, ir.Verify(g))
		assert.Equal(t, ir.RowMajor, g.Params[0].Layout)
	}
	assert.Equal(t, 4, reorders(laid[0]), "W for one, two and ∂tanh; ∂W, whose parts lie in panels, for the update")
	assert.Equal(t, 2, reorders(laid[1]))
	assert.NotNil(t, laid[0].Updater(step.Params[0]))
	assert.Equal(t, want, run(t, laid[0]))
}

// A view is of rows: a weight in panels is brought into them before it.
func TestViewsAreOfRows(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	x, w := b.Value(ir.Input, "x", ir.Row(20)), b.Value(ir.Param, "w", ir.Whole(20, 20))
	flat := b.Node("flat", op.Reshape(400), w)[0]
	sum := &ir.Op{Name: "sum", Types: func(in []ir.Type) ([]ir.Type, error) { return []ir.Type{ir.Row(1)}, nil },
		Eval: func(ys, xs []ir.Tensor) {
			for i, v := range xs[0].Data {
				ys[0].Data[0] += math.Sin(float64(i)) * v
			}
		}}
	y := b.Node("y", sum, flat, b.Node("one", product(ir.Panels), x, w)[0], b.Node("two", product(ir.Panels), x, w)[0])[0]
	g.Outputs = []*ir.Value{y}
	want := run(t, g)
	laid := layout.Assign(g)[0]
	require.NoError(t, ir.Verify(laid))
	assert.Equal(t, ir.Panels, w.Layout)
	assert.Equal(t, 1, reorders(laid))
	assert.Equal(t, want, run(t, laid))
	assert.Equal(t, "w'", laid.Nodes[0].Out[0].Name)
	assert.Equal(t, "reorder", laid.Nodes[1].In[0].Def.Op.Name)
}

// The verifier refuses each value that lies otherwise than decided.
func TestVerifyCatchesWrongLayouts(t *testing.T) {
	step, predict := model(product(ir.Panels), product(ir.RowMajor), nil)
	laid := layout.Assign(step, predict)
	faults := 0
	for _, g := range laid {
		values := append(append([]*ir.Value{}, g.Params...), g.Slots...)
		for _, n := range g.Nodes {
			values = append(values, n.Out...)
		}
		for _, v := range values {
			if v.Type.Scalar() {
				continue
			}
			faults++
			right := v.Layout
			if v.Layout = ir.Panels; right == ir.Panels {
				v.Layout = ir.RowMajor
			}
			assert.Error(t, ir.Verify(g), "%v", v.Name)
			v.Layout = right
		}
		require.NoError(t, ir.Verify(g))
	}
	assert.Greater(t, faults, 20)
}
