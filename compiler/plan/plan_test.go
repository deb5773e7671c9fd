package plan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

const randomGraphs = 300

// last returns the last node that needs what v holds: the number of nodes where it must outlive the program.
func last(p *Program, v *ir.Value, keep bool) int {
	end := 0
	for i, n := range p.Graph.Nodes {
		for _, x := range slices.Concat(n.In, n.Out) {
			if x.Base() == v {
				end = i
			}
		}
	}
	if keep {
		for _, x := range slices.Concat(Gradients(p.Graph), p.Graph.Outputs) {
			if x.Base() == v {
				end = len(p.Graph.Nodes)
			}
		}
	}
	return end
}

func TestRandomGraphs(t *testing.T) {
	ratio, programs := 0.0, 0
	for seed := range uint64(randomGraphs) {
		step, predict := random(seed)
		require.NoError(t, ir.Verify(step))
		require.NoError(t, ir.Verify(predict))
		p := Memory(step, predict)
		require.NoError(t, Verify(p), "graph %d", seed)
		assert.Equal(t, p.String(), Memory(step, predict).String(), "graph %d: the same plan again", seed)
		again, alike := random(seed)
		assert.Equal(t, p.String(), Memory(again, alike).String(), "graph %d: the same plan for the same graph", seed)
		for _, program := range []*Program{p.Step, p.Predict} {
			require.GreaterOrEqual(t, program.Arena, program.Bound)
			smallest := program.Arena
			for _, order := range []func(a, b *buffer) int{bySize, byStart, byArea} {
				smallest = min(smallest, firstFit(lives(program, program == p.Step), order))
			}
			assert.Equal(t, smallest, program.Arena, "graph %d: the best of all orders", seed)
			assert.Equal(t, naiveBound(program, program == p.Step), program.Bound, "graph %d", seed)
			if program.Bound > 0 {
				ratio += float64(program.Arena) / float64(program.Bound)
				programs++
			}
		}
	}
	t.Logf("arenas are %.4f of their bounds on average", ratio/float64(programs))
	assert.LessOrEqual(t, ratio/float64(programs), 1.1)
	assert.Greater(t, programs, randomGraphs)
}

// naiveBound adds up what is needed at each node, from the definition.
func naiveBound(p *Program, keep bool) int {
	most := 0
	lasts := map[*ir.Value]int{}
	made := map[*ir.Value]int{}
	for i, n := range p.Graph.Nodes {
		for _, v := range n.Out {
			if _, ok := p.Places[v]; ok {
				lasts[v], made[v] = last(p, v, keep), i
			}
		}
	}
	for i, n := range p.Graph.Nodes {
		sum := 0
		for v, place := range p.Places {
			if made[v] <= i && i <= lasts[v] {
				sum += (place.Size + 15) / 16 * 16
			}
		}
		if n.Op.Scratch != nil {
			sum += (n.Op.Scratch(n, p.Rows) + 15) / 16 * 16
		}
		most = max(most, sum)
	}
	return most
}

func TestOutputsAndGradientsSurviveTheStep(t *testing.T) {
	overlap := func(a, b Place) bool { return a.Size > 0 && b.Size > 0 && a.Offset < b.End() && b.Offset < a.End() }
	for seed := range uint64(randomGraphs) {
		step, predict := random(seed)
		p := Memory(step, predict)
		for _, kept := range slices.Concat(Gradients(step), step.Outputs) {
			place, ok := p.Step.Places[kept.Base()]
			require.True(t, ok, "%s has a place", kept.Name)
			after := false
			for _, n := range step.Nodes {
				if n == kept.Base().Def {
					after = true
					continue
				}
				if !after {
					continue
				}
				require.False(t, overlap(place, p.Step.Scratch[n]), "graph %d: %s under scratch of %v", seed, kept.Name, n)
				for _, v := range n.Out {
					require.False(t, overlap(place, p.Step.Places[v]), "graph %d: %s under %s", seed, kept.Name, v.Name)
				}
			}
		}
		for _, output := range predict.Outputs {
			assert.NotContains(t, p.Predict.Places, output.Base(), "a prediction's outputs are the caller's")
		}
	}
}

// The naive verifier refuses every fault that is put into a good plan.
func TestVerifyRefusesFaults(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(12) {
		step, predict := random(seed)
		p := Memory(step, predict)
		for _, program := range []*Program{p.Step, p.Predict} {
			keep := program == p.Step
			refused := func(fault, want string, v any) {
				counts[fault]++
				err := Verify(p)
				require.Error(t, err, "graph %d: %s: %v", seed, fault, v)
				require.Regexp(t, want, err.Error(), fault)
			}
			for v, place := range program.Places {
				with := func(place Place, fault, want string) {
					old := program.Places[v]
					program.Places[v] = place
					refused(fault, want, v.Name)
					program.Places[v] = old
				}
				with(Place{place.Offset, place.Size - 1}, "shrunk", "needs more memory than its place has")
				with(Place{place.Offset + 1, place.Size}, "misaligned", "between its lines")
				with(Place{place.Offset - 8, place.Size}, "misaligned", "between its lines")
				with(Place{program.Arena, place.Size}, "outside", "outside the arena")
				with(Place{-16, place.Size}, "outside", "outside the arena")
				delete(program.Places, v)
				refused("missing", "has no place", v.Name)
				program.Places[v] = place
			}
			for i, n := range program.Graph.Nodes {
				for _, v := range n.Out {
					place, ok := program.Places[v]
					if !ok {
						continue
					}
					for u, other := range program.Places {
						if u == v || last(program, u, keep) < i || made(program, u) > i || other.Offset+place.Size > program.Arena {
							continue
						}
						program.Places[v] = Place{other.Offset, place.Size}
						refused("two live values overlapped", "read after its memory was taken", u.Name+" and "+v.Name)
						program.Places[v] = place
					}
				}
				scratch, ok := program.Scratch[n]
				if !ok {
					continue
				}
				program.Scratch[n] = Place{scratch.Offset, scratch.Size - 1}
				refused("scratch shrunk", "scratch of .* needs more memory than its place has", n)
				delete(program.Scratch, n)
				refused("scratch missing", "scratch of .* needs more memory than its place has", n)
				program.Scratch[n] = Place{scratch.Offset + 4, scratch.Size}
				refused("scratch misaligned", "between its lines", n)
				for u, other := range program.Places {
					if last(program, u, keep) >= i && made(program, u) <= i && other.Offset+scratch.Size <= program.Arena {
						program.Scratch[n] = Place{other.Offset, scratch.Size}
						refused("scratch over a live value", "read after its memory was taken", n)
					}
				}
				program.Scratch[n] = scratch
			}
			if program.Arena > 0 {
				program.Arena -= 16
				refused("arena shrunk", "outside the arena", seed)
				program.Arena += 16
			}
		}
		require.NoError(t, Verify(p), "all faults are undone")
	}
	t.Log(counts)
	for _, fault := range []string{"shrunk", "misaligned", "outside", "missing", "two live values overlapped", "scratch shrunk",
		"scratch missing", "scratch misaligned", "scratch over a live value", "arena shrunk"} {
		assert.Greater(t, counts[fault], 20, fault)
	}
}

func made(p *Program, v *ir.Value) int {
	for i, n := range p.Graph.Nodes {
		if n == v.Def {
			return i
		}
	}
	return -1
}

// chain returns a step in which three values of which one is a view live after one another.
func chain(batch int) *ir.Graph {
	g := &ir.Graph{Model: "Chain", Recipe: ir.Recipe{Batch: batch}}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(3))
	w := b.Value(ir.Param, "w", ir.Whole(3, 5))
	b.Value(ir.Param, "v", ir.Whole(20))
	slot := b.Value(ir.Slot, "w.m", w.Type)
	a := b.Node("a", card(2, ir.Row(2, 2)), x, w)[0]
	f := b.Node("f", view(), a)[0]
	c := b.Node("c", card(0, ir.Row(1)), f)[0]
	b.Phase = ir.Loss
	g.Loss = b.Node("loss", card(0, ir.Type{}), c)[0]
	b.Phase = ir.Backward
	dw := b.Node("∂w", card(0, w.Type), c)[0]
	b.Phase = ir.Update
	b.Node("w'", learn(0), w, dw, slot)
	g.Outputs = []*ir.Value{c}
	return g
}

func TestPlanText(t *testing.T) {
	step, predict := chain(8), chain(8)
	predict.Nodes, predict.Slots, predict.Loss = predict.Nodes[:3], nil, nil
	assert.Equal(t, `slab params
       0 +15     w
      16 +20     v
slab slots
       0 +15     w.m
program step: 8 rows, arena 48 floats, bound 48
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
program predict: 8 rows, arena 48 floats, bound 48
  a f32[n, 2, 2] = some(x, w) :0:0
       0 +32     a
      32 +16     scratch
  f f32[n, 4] = view(a) :0:0
  c f32[n, 1] = some(f) :0:0
`, Memory(step, predict).String())
}

func TestPredictionsTakeAFewRowsAtATime(t *testing.T) {
	for batch, want := range map[int]int{1: 1, 31: 31, 32: 32, 33: 32, 500: 32} {
		p := Memory(chain(batch), chain(batch))
		assert.Equal(t, batch, p.Step.Rows)
		assert.Equal(t, want, p.Predict.Rows)
		assert.Equal(t, 4*want, p.Predict.Places[p.Predict.Graph.Nodes[0].Out[0]].Size)
	}
	assert.Nil(t, Memory(nil, chain(3)).Step, "without a loss there is nothing to train")
	assert.NoError(t, Verify(Memory(nil, chain(3))))
}

func TestSlabsAreAlignedAndDisjoint(t *testing.T) {
	var values []*ir.Value
	for i, n := range []int{1, 15, 16, 17, 100, 3} {
		values = append(values, &ir.Value{Name: fmt.Sprint(i), Type: ir.Whole(n)})
	}
	assert.Equal(t, []Place{{0, 1}, {16, 15}, {32, 16}, {48, 17}, {80, 100}, {192, 3}}, slab(values))
	assert.Empty(t, slab(nil))
}

func TestGradientsAreThoseThatUpdatesRead(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	w, v := b.Value(ir.Param, "w", ir.Whole(4)), b.Value(ir.Param, "v", ir.Whole(4))
	u := b.Value(ir.Param, "u", ir.Whole(4))
	shared := b.Node("∂w", card(0, ir.Whole(4)))[0]
	other := b.Node("∂u", card(0, ir.Whole(4)))[0]
	b.Phase = ir.Update
	b.Node("w'", learn(0), w, b.Node("view", view(), shared)[0], w)
	b.Node("v'", learn(0), v, shared, v)
	b.Node("u'", learn(0), u, other, u)
	g.Nodes[2].Phase = ir.Backward
	assert.Equal(t, []*ir.Value{shared, other}, Gradients(g), "each once, without views")
}
