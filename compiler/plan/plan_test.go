package plan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

const randomGraphs = 300

func TestRandomGraphs(t *testing.T) {
	ratio, programs := 0.0, 0
	for seed := range uint64(randomGraphs) {
		g := random(seed)
		g.Each(func(g *ir.Graph) { require.NoError(t, ir.Verify(g)) })
		written := someWritten(g.Step, seed)
		p := Memory(g, written)
		require.NoError(t, Verify(p), "graph %d", seed)
		assert.Equal(t, p.String(), Memory(g, written).String(), "graph %d: the same plan again", seed)
		assert.Equal(t, p.String(), Memory(random(seed), written).String(), "graph %d: the same plan for the same graph", seed)
		for _, program := range p.Programs {
			require.GreaterOrEqual(t, program.Arena, program.Bound)
			buffers, fixed := lives(program), []*buffer(nil)
			if program.Name == Steps {
				buffers, fixed = pinned(buffers, p.Program(Train))
			}
			smallest := program.Arena
			for _, order := range []func(a, b *buffer) int{bySize, byStart, byArea} {
				smallest = min(smallest, firstFit(buffers, fixed, order))
			}
			assert.Equal(t, smallest, program.Arena, "graph %d: the best of all orders", seed)
			assert.Equal(t, naiveBound(program), program.Bound, "graph %d, %s", seed, program.Name)
			if program.Bound > 0 && program.Name != Steps { // whose places are not all its own
				ratio += float64(program.Arena) / float64(program.Bound)
				programs++
			}
		}
	}
	t.Logf("arenas are %.4f of their bounds on average", ratio/float64(programs))
	assert.LessOrEqual(t, ratio/float64(programs), 1.1)
	assert.Greater(t, programs, randomGraphs)
}

// The code of forward and loss serves train and the four calls alike.
func TestForwardAndLossLieTheSameInBothPrograms(t *testing.T) {
	nodes := 0
	for seed := range uint64(randomGraphs) {
		p := Memory(random(seed), nil)
		train, steps := p.Program(Train), p.Program(Steps)
		for i, n := range steps.Graph.Nodes {
			if n.Phase > ir.Loss {
				break
			}
			require.Same(t, n, train.Graph.Nodes[i], "graph %d: the order is the same", seed)
			require.Equal(t, steps.Scratch[n], train.Scratch[n], "graph %d", seed)
			for _, v := range n.Out {
				require.Equal(t, steps.Places[v], train.Places[v], "graph %d: %s", seed, v.Name)
				nodes++
			}
		}
	}
	assert.Greater(t, nodes, 10*randomGraphs)
}

// chain returns a step in which three values of which one is a view live after one another.
func chain(batch int) *ir.Graph {
	g := &ir.Graph{Model: "Chain", Recipe: ir.Recipe{Batch: batch}}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(3))
	w := b.Value(ir.Param, "w", ir.Whole(3, 5))
	b.Value(ir.Param, "v", ir.Whole(20))
	b.Value(ir.State, "mean", ir.Whole(3))
	b.Value(ir.State, "count", ir.Type{Kind: ir.I64})
	b.Value(ir.State, "variance", ir.Whole(3))
	slot := b.Value(ir.Slot, "w.m", w.Type)
	a := b.Node("a", card(2, ir.Row(2, 2)), x, w)[0]
	f := b.Node("f", view(), a)[0]
	c := b.Node("c", card(0, ir.Row(1)), f)[0]
	b.Phase = ir.Loss
	g.Loss = b.Node("loss", card(0, ir.Type{}), c)[0]
	b.Phase = ir.Backward
	dw := b.Node("∂w", card(0, w.Type), c)[0]
	b.Node("unread", card(0, ir.Row(9)), c)
	b.Phase = ir.Update
	b.Node("w'", learn(0), w, dw, slot)[0].Def.Updates = w
	g.Outputs = []*ir.Value{c}
	return g
}

// judged returns an evaluation.
func judged() *ir.Graph {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	b.Phase = ir.Loss
	terms := b.Node("terms", card(0, ir.Row(2)), b.Value(ir.Input, "c", ir.Row(1)))
	g.Outputs = b.Node("loss", card(0, ir.Type{}), terms...)
	return g
}

func TestPlanText(t *testing.T) {
	predict := chain(8)
	predict.Nodes, predict.Slots, predict.Loss = predict.Nodes[:3], nil, nil
	assert.Equal(t, `slab params
       0 +15     w
      16 +20     v
slab states
       0 +3      mean
       0 +1      count
      16 +3      variance
slab slots
       0 +15     w.m
program train: 8 rows, arena 48 floats, bound 48
  a f32[n, 2, 2] = some(x, w) :0:0
       0 +32     a
      32 +16     scratch
  f f32[n, 4] = view(a) :0:0
  c f32[n, 1] = some(f) :0:0
      32 +8      c
  loss f32[] = some(c) :0:0
  ∂w f32[3, 5] = some(c) :0:0
       0 +15     ∂w
  w' f32[3, 5] over w, w'.slot f32[3, 5] over w.m = learn(w, ∂w, w.m) :0:0
  unread f32[n, 9] = some(c) :0:0
program steps: 8 rows, arena 48 floats, bound 48
  a f32[n, 2, 2] = some(x, w) :0:0
       0 +32     a
      32 +16     scratch
  f f32[n, 4] = view(a) :0:0
  c f32[n, 1] = some(f) :0:0
      32 +8      c
  loss f32[] = some(c) :0:0
  ∂w f32[3, 5] = some(c) :0:0
       0 +15     ∂w
  unread f32[n, 9] = some(c) :0:0
  w' f32[3, 5] over w, w'.slot f32[3, 5] over w.m = learn(w, ∂w, w.m) :0:0
program predict: 64 rows, arena 384 floats, bound 384
  a f32[n, 2, 2] = some(x, w) :0:0
       0 +256    a
     256 +128    scratch
  f f32[n, 4] = view(a) :0:0
  c f32[n, 1] = some(f) :0:0
program evaluate: 64 rows, arena 128 floats, bound 128
  terms f32[n, 2] = some(c) :0:0
       0 +128    terms
  loss f32[] = some(terms) :0:0
`, Memory(Graphs{Step: chain(8), Predict: predict, Evaluate: judged()}, nil).String())
}

func TestPrograms(t *testing.T) {
	names := func(p *Plan) (list []string) {
		for _, program := range p.Programs {
			list = append(list, program.Name)
			assert.Same(t, program, p.Program(program.Name))
		}
		return list
	}
	step, predict := chain(8), chain(8)
	all := Memory(Graphs{Step: step, Predict: predict, Evaluate: judged(), Next: chain(1)}, nil)
	assert.Equal(t, []string{Train, Steps, Predict, Evaluate, Next}, names(all))
	assert.Same(t, step, all.Model)
	trained, some := all.Parameters()
	assert.Equal(t, [2]int{35, 15}, [2]int{trained, some})

	inference := Memory(Graphs{Predict: predict}, nil)
	assert.Equal(t, []string{Predict}, names(inference), "without a loss there is nothing to train")
	assert.Nil(t, inference.Program(Train))
	assert.Same(t, predict, inference.Model)
	assert.Empty(t, inference.Slots)
	assert.NoError(t, Verify(inference))

	var seen []*ir.Graph
	Graphs{Step: step, Evaluate: predict}.Each(func(g *ir.Graph) { seen = append(seen, g) })
	assert.Equal(t, []*ir.Graph{step, predict}, seen)
}

// A prediction works on 64 rows, or on so many fewer that it takes no more than 2²² floats, whatever the batch is.
func TestPredictionsTakeAFewRowsAtATime(t *testing.T) {
	for _, batch := range []int{1, 31, 500} {
		p := Memory(Graphs{Step: chain(batch), Predict: chain(batch)}, nil)
		assert.Equal(t, batch, p.Program(Steps).Rows)
		assert.Equal(t, batch, p.Program(Train).Rows)
		predict := p.Program(Predict)
		assert.Equal(t, 64, predict.Rows)
		assert.Equal(t, 4*64, predict.Places[predict.Graph.Nodes[0].Out[0]].Size)
	}
	for size, want := range map[int]int{1 << 15: 64, 1<<15 + 16: 32, 1 << 16: 32, 1 << 20: 2, 1<<20 + 16: 1, 1 << 25: 1} {
		g := &ir.Graph{Recipe: ir.Recipe{Batch: 1}}
		b := ir.NewBuilder(g)
		a := b.Node("a", card(0, ir.Row(size)), b.Value(ir.Input, "x", ir.Row(1)))
		g.Outputs = b.Node("y", card(0, ir.Row(1)), b.Node("b", card(0, ir.Row(size)), a...)...)
		p := Memory(Graphs{Predict: g, Evaluate: judged()}, nil)
		assert.Equal(t, want, p.Program(Predict).Rows, "2 × %d", size)
		assert.Equal(t, want, p.Program(Evaluate).Rows, "it judges what a prediction makes")
	}
}

func TestSlabsAreAlignedAndDisjoint(t *testing.T) {
	var values []*ir.Value
	for i, n := range []int{1, 15, 16, 17, 100, 3} {
		values = append(values, &ir.Value{Name: fmt.Sprint(i), Type: ir.Whole(n)})
	}
	assert.Equal(t, []Place{{0, 1}, {16, 15}, {32, 16}, {48, 17}, {80, 100}, {192, 3}}, slab(values))
	assert.Empty(t, slab(nil))
	count := &ir.Value{Type: ir.Type{Kind: ir.I64}}
	assert.Equal(t, []Place{{0, 1}, {0, 1}, {16, 15}, {16, 1}}, slab([]*ir.Value{values[0], count, values[1], count}), "a slab for each kind")
}

func TestGradientsAreThoseThatUpdatesRead(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	w, v := b.Value(ir.Param, "w", ir.Whole(4)), b.Value(ir.Param, "v", ir.Whole(4))
	u, x := b.Value(ir.Param, "u", ir.Whole(4)), b.Value(ir.Param, "x", ir.Whole(4))
	b.Phase = ir.Backward
	shared := b.Node("∂w", card(0, ir.Whole(4)))[0]
	other := b.Node("∂u", card(0, ir.Whole(4)))[0]
	clipped := b.Node("∂x", card(0, ir.Whole(4)))[0]
	seen := b.Node("view", view(), shared)[0]
	b.Phase = ir.Prelude
	after := b.Node("∂x'", stamp(), clipped)[0]
	b.Phase = ir.Update
	for _, c := range [][2]*ir.Value{{w, seen}, {v, shared}, {u, other}, {x, after}} {
		b.Node("w'", learn(0), c[0], c[1], b.Value(ir.Slot, "m", w.Type))[0].Def.Updates = c[0]
	}
	assert.Equal(t, []*ir.Value{shared, other, after}, gradients(g), "each once, without views, as the updates read it")
}
