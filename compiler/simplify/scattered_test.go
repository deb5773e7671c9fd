package simplify_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/layout"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// lookup builds the laid-out step of words [n, 2] of 200 → rows of 40 → their mean → linear → mse, in batches of one row.
// There may be another use of the table.
func lookup(optimiser *ir.Optimiser, change func(g *ir.Graph, table *ir.Value), more func(b *ir.Builder, words, table, h *ir.Value) *ir.Value) *ir.Graph {
	g := &ir.Graph{Model: "Bag", Recipe: ir.Recipe{Optimiser: optimiser, Batch: 1}}
	b := ir.NewBuilder(g)
	words, target := b.Value(ir.Input, "words", ir.Classes(200, 2)), b.Value(ir.Target, "target", ir.Row(3))
	table := b.Value(ir.Param, "table", ir.Whole(200, 40))
	h := b.Node("seen", op.Embedding(), words, table)[0]
	h = b.Node("mean1", op.Mean(0), h)[0]
	if more != nil {
		h = more(b, words, table, h)
	}
	y := b.Node("linear1", op.Linear(false), h, b.Value(ir.Param, "linear1.weight", ir.Whole(3, 40)))[0]
	b.Phase = ir.Loss
	g.Outputs, g.Loss = []*ir.Value{y}, b.Node("loss", op.MSE(), y, target)[0]
	if change != nil {
		change(g, table)
	}
	return layout.Assign(simplify.Dead(autodiff.Step(g)))[0]
}

func adagrad(epsilon, decay float64) *ir.Optimiser {
	return op.AdagradOptimiser(0.1, 0, 0.1, epsilon, decay)
}

// The oracle finds the same parameters and slots, and the table's gradient is gone.
func TestScatteredUpdatesTheRowsInUse(t *testing.T) {
	averaged := func(g *ir.Graph, _ *ir.Value) { g.Recipe.Average = &ir.Average{Decay: 0.9} }
	scheduled := func(g *ir.Graph, _ *ir.Value) {
		g.Recipe.Schedule = &ir.Schedule{Op: op.ExponentialSchedule(0, 0.9, false)}
	}
	for name, c := range map[string]struct {
		optimiser *ir.Optimiser
		change    func(*ir.Graph, *ir.Value)
	}{
		"sgd": {sgd(), nil}, "adagrad": {adagrad(1e-10, 0), nil}, "averages": {sgd(), averaged}, "a schedule": {adagrad(1e-10, 0), scheduled},
	} {
		t.Run(name, func(t *testing.T) {
			g := lookup(c.optimiser, c.change, nil)
			before := g.String()
			after := simplify.Scattered(g)
			require.NotNil(t, after)
			require.NoError(t, ir.Verify(after))
			assert.Equal(t, run(t, g), run(t, after))
			assert.Equal(t, before, g.String(), "the graph that it was given stays as it is")
			assert.NotContains(t, names(after), "∂table")
			table := after.Params[0]
			require.Equal(t, "table", table.Name)
			update := after.Updater(table)
			assert.Equal(t, "embedding_"+c.optimiser.Name, update.Op.Name)
			assert.Equal(t, "∂seen", update.Gradient().Name)
			assert.Equal(t, c.optimiser.Name, after.Updater(after.Params[1]).Op.Name)
			assert.Same(t, g.Loss, after.Loss, "forward pass and loss are the same nodes")
			assert.Nil(t, simplify.Scattered(after), "nothing is left to do")
		})
	}
}

func TestScatteredLeavesWhatHasToBeWhole(t *testing.T) {
	clipped := func(rule *ir.Clip) func(*ir.Graph, *ir.Value) {
		return func(g *ir.Graph, _ *ir.Value) { g.Recipe.Clip = rule }
	}
	tied := func(b *ir.Builder, _, table, h *ir.Value) *ir.Value {
		scores := b.Node("scores", op.Linear(false), h, table)[0]
		return b.Node("again", op.LinearGradInput(), scores, table)[0]
	}
	twice := func(b *ir.Builder, words, table, h *ir.Value) *ir.Value {
		again := b.Node("again", op.Embedding(), words, table)[0]
		return b.Node("add1", op.Add(), h, b.Node("mean2", op.Mean(0), again)[0])[0]
	}
	for name, g := range map[string]*ir.Graph{
		"momentum":                lookup(op.SGDOptimiser(0.1, 0.9, 0, 0, false), nil, nil),
		"decay":                   lookup(op.SGDOptimiser(0.1, 0, 0, 0.01, false), nil, nil),
		"decay under adagrad":     lookup(adagrad(1e-10, 0.01), nil, nil),
		"what may divide 0 by 0":  lookup(adagrad(0, 0), nil, nil),
		"adam":                    lookup(adam(), nil, nil),
		"rmsprop":                 lookup(op.RMSpropOptimiser(0.1, 0.9, 1e-8, 0, 0, false), nil, nil),
		"clipped by the norm":     lookup(sgd(), clipped(&ir.Clip{Scale: func(n int) *ir.Op { return op.ClipScale(1, n) }}), nil),
		"clipped each":            lookup(sgd(), clipped(&ir.Clip{Each: op.ClipValue(1)}), nil),
		"several batches":         lookup(sgd(), func(g *ir.Graph, _ *ir.Value) { g.Recipe.Accumulate = &ir.Accumulate{Batches: 2} }, nil),
		"frozen":                  lookup(sgd(), func(_ *ir.Graph, table *ir.Value) { table.Frozen = true }, nil),
		"tied to a linear layer":  lookup(sgd(), nil, tied),
		"looked up in two places": lookup(sgd(), nil, twice),
		"rows for a larger batch": lookup(sgd(), func(g *ir.Graph, _ *ir.Value) { g.Recipe.Batch = 30 }, nil),
		"no table":                simplify.Dead(autodiff.Step(forward(2, op.Tanh, sgd(), false))),
		"no step":                 nil,
	} {
		assert.Nil(t, simplify.Scattered(g), name)
	}
}
