package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

const randomGraphs = 300

// last returns the last node that needs what v holds: the number of nodes where it must outlive the program.
func last(p *Program, v *ir.Value) int {
	end := 0
	for i, n := range p.Graph.Nodes {
		for _, x := range slices.Concat(n.In, n.Out) {
			if x.Base() == v {
				end = i
			}
		}
	}
	if slices.Contains(p.Kept, v) {
		end = len(p.Graph.Nodes)
	}
	return end
}

func made(p *Program, v *ir.Value) int { return slices.Index(p.Graph.Nodes, v.Def) }

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

// naiveBound adds up what is needed at each node, from the definition: where a value lies over another, the memory
// counts once.
func naiveBound(p *Program) int {
	type life struct {
		Place
		made, last int
	}
	var lives []life
	for v, place := range p.Places {
		lives = append(lives, life{place, made(p, v), last(p, v)})
	}
	most := 0
	for i, n := range p.Graph.Nodes {
		sum := 0
		counted := map[Place]bool{}
		for _, l := range lives {
			if l.made <= i && i <= l.last && !counted[l.Place] {
				counted[l.Place] = true
				sum += (l.Size + 15) / 16 * 16
			}
		}
		if n.Op.Scratch != nil {
			sum += (n.Op.Scratch(n, p.Rows) + 15) / 16 * 16
		}
		most = max(most, sum)
	}
	return most
}

func TestWhatIsKeptSurvives(t *testing.T) {
	overlap := func(a, b Place) bool { return a.Size > 0 && b.Size > 0 && a.Offset < b.End() && b.Offset < a.End() }
	for seed := range uint64(randomGraphs) {
		g := random(seed)
		p := Memory(g, nil)
		for _, program := range p.Programs[:2] {
			var kept []*ir.Value
			for _, v := range g.Step.Outputs {
				kept = append(kept, v.Base())
			}
			for _, n := range g.Step.Nodes {
				if n.Updates != nil && program.Name == Steps {
					kept = append(kept, n.Gradient().Base())
				}
			}
			for _, v := range kept {
				place, ok := program.Places[v]
				require.True(t, ok, "graph %d: %s has a place", seed, v.Name)
				for _, n := range program.Graph.Nodes[made(program, v)+1:] {
					require.False(t, overlap(place, program.Scratch[n]), "graph %d: %s under scratch of %v", seed, v.Name, n)
					for _, other := range n.Out {
						require.False(t, overlap(place, program.Places[other]), "graph %d: %s under %s", seed, v.Name, other.Name)
					}
				}
			}
		}
		for _, output := range g.Predict.Outputs {
			assert.NotContains(t, p.Program(Predict).Places, output.Base(), "a prediction's outputs are the caller's")
		}
	}
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

// checkOrder returns what is wrong with a program's order, from the definition.
func checkOrder(p *Program, of *ir.Graph) error {
	at := map[*ir.Node]int{}
	for i, n := range p.Graph.Nodes {
		if _, twice := at[n]; twice {
			return fmt.Errorf("%v runs twice", n)
		}
		at[n] = i
	}
	if len(at) != len(of.Nodes) {
		return fmt.Errorf("%d nodes of %d", len(at), len(of.Nodes))
	}
	for i, n := range p.Graph.Nodes {
		for _, v := range n.In {
			if v.Def == nil {
				continue
			}
			if k, ok := at[v.Def]; !ok || k >= i {
				return fmt.Errorf("%v runs before %s is made", n, v.Name)
			}
		}
		for k := range n.Out {
			old := n.Overwrites(k)
			if old == nil {
				continue
			}
			for _, later := range p.Graph.Nodes[i+1:] {
				for _, v := range later.In {
					if v.Base() == old.Base() {
						return fmt.Errorf("%v reads %s after %v", later, v.Name, n)
					}
				}
			}
		}
		if n.Phase > ir.Backward {
			for _, later := range p.Graph.Nodes[i+1:] {
				if later.Phase <= ir.Loss {
					return fmt.Errorf("%v runs before %v", n, later)
				}
			}
		}
	}
	return nil
}

func TestEarlyKeepsEveryDependency(t *testing.T) {
	moved := 0
	for seed := range uint64(randomGraphs) {
		g := random(seed)
		p := Memory(g, someWritten(g.Step, seed))
		train := p.Program(Train)
		require.NoError(t, checkOrder(train, g.Step), "graph %d", seed)
		require.NoError(t, checkOrder(p.Program(Steps), g.Step), "graph %d", seed)
		assert.Equal(t, g.Step.Nodes, p.Program(Steps).Graph.Nodes)
		for i, n := range train.Graph.Nodes {
			if n.Updates == nil || i+1 == len(train.Graph.Nodes) || train.Graph.Nodes[i+1].Phase > ir.Backward {
				continue
			}
			moved++
			assert.False(t, p.Written[n.Layer] || p.Written[n.Gradient().Home().Def.Layer], "graph %d: %v is written out", seed, n)
		}
	}
	assert.Greater(t, moved, randomGraphs/4)
	for name, g := range networks(t) {
		require.NoError(t, checkOrder(Memory(g, nil).Program(Train), g.Step), name)
	}
}

// A checker that finds nothing wrong with a wrong order would prove nothing.
func TestOrderIsChecked(t *testing.T) {
	moves, overwritten := 0, 0
	graphs := networks(t)
	for seed := range uint64(30) { // where the backward pass reads parameters anywhere
		graphs[fmt.Sprint(seed)] = random(seed)
	}
	for name, g := range graphs {
		p := Memory(g, nil)
		train := p.Program(Train)
		whole := *train.Graph
		for i := range whole.Nodes {
			for k := range i {
				nodes := slices.Clone(whole.Nodes)
				n := nodes[i]
				if n.Updates == nil {
					continue
				}
				nodes = slices.Insert(slices.Delete(nodes, i, i+1), k, n)
				train.Graph = &ir.Graph{Nodes: nodes}
				wrong := checkOrder(train, g.Step)
				if wrong != nil && n.Phase > ir.Backward && nodes[k+1].Phase > ir.Loss {
					moves++
					err := train.verify()
					require.Error(t, err, "%s: %v", name, wrong)
					if strings.HasSuffix(err.Error(), " was overwritten") {
						overwritten++
					}
				}
			}
		}
		train.Graph = &whole
		require.NoError(t, Verify(p))
	}
	assert.Greater(t, moves, 500)
	assert.Greater(t, overwritten, 10)
}

// deep returns a step of so many layers of one size, where every gradient is as large as its parameter.
func deep(layers, size int) *ir.Graph {
	g := &ir.Graph{Recipe: ir.Recipe{Batch: 1}}
	b := ir.NewBuilder(g)
	h := b.Value(ir.Input, "x", ir.Row(4))
	var params, hidden []*ir.Value
	for i := range layers {
		params = append(params, b.Value(ir.Param, fmt.Sprint("w", i), ir.Whole(size)))
		h = b.Node(fmt.Sprint("h", i), card(0, ir.Row(4)), h, params[i])[0]
		hidden = append(hidden, h)
	}
	g.Outputs, b.Phase = []*ir.Value{h}, ir.Loss
	g.Loss = b.Node("loss", card(0, ir.Type{}), h)[0]
	b.Phase = ir.Backward
	grads := make([]*ir.Value, layers)
	dy := b.Node("∂h", card(0, ir.Row(4)), h)[0]
	for i := layers - 1; i >= 0; i-- {
		dx := b.Node("∂h", card(0, ir.Row(4)), dy, params[i])[0]
		grads[i] = b.Node("∂w", card(0, ir.Whole(size)), dy, hidden[i])[0]
		dy = dx
	}
	b.Phase = ir.Update
	for i, p := range params {
		n := b.Node("w'", learn(0), p, grads[i], b.Value(ir.Slot, p.Name+".m", p.Type))[0].Def
		n.Updates = p
	}
	return g
}

// Each update frees its gradient, so that one or two of them are all that train needs, however deep the model is.
func TestTrainNeedsNoMemoryForAllGradients(t *testing.T) {
	const size = 1600
	for _, layers := range []int{1, 2, 3, 8, 40} {
		g := deep(layers, size)
		require.NoError(t, ir.Verify(g))
		p := Memory(Graphs{Step: g, Predict: deep(layers, size)}, nil)
		require.NoError(t, Verify(p))
		train, steps := p.Program(Train), p.Program(Steps)
		assert.LessOrEqual(t, train.Arena, steps.Arena)
		assert.GreaterOrEqual(t, steps.Arena, layers*size, "%d layers", layers)
		assert.Less(t, train.Arena, 2*size+layers*64+64, "%d layers", layers)
		assert.Len(t, steps.Kept, layers+1)
		assert.Len(t, train.Kept, 1)
		agree(t, train, g, uint64(layers))
	}
	written := map[string]bool{}
	g := deep(8, size)
	for _, n := range g.Nodes {
		written[n.Layer] = true
	}
	assert.Equal(t, g.Nodes, Memory(Graphs{Step: g, Predict: deep(8, size)}, written).Program(Train).Graph.Nodes, "what is written out stays where it is")
	for name, g := range networks(t) {
		p := Memory(g, nil)
		assert.LessOrEqual(t, p.Program(Train).Arena, p.Program(Steps).Arena, name)
	}
}

// A gradient that is brought into another order for its update is free as early.
func TestWhatServesAnUpdateGoesWithIt(t *testing.T) {
	const size, layers = 1600, 20
	g := ir.Rewrite(deep(layers, size), func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		if n.Updates == nil {
			return nil, false
		}
		copied := b.Node("copy", card(0, ir.Whole(size)), in[1])[0]
		out := b.Named([]string{n.Out[0].Name, n.Out[1].Name}, n.Op, in[0], copied, in[2])
		out[0].Def.Updates = n.Updates
		return out, true
	})
	require.NoError(t, ir.Verify(g))
	p := Memory(Graphs{Step: g, Predict: deep(layers, size)}, nil)
	require.NoError(t, Verify(p))
	train := p.Program(Train)
	require.NoError(t, checkOrder(train, g))
	assert.Less(t, train.Arena, 3*size+layers*64+64)
	agree(t, train, g, 1)
}

// The naive verifier refuses every fault that is put into a good plan.
func TestVerifyRefusesFaults(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(12) {
		p := Memory(random(seed), nil)
		for _, program := range p.Programs {
			refused := func(fault, want string, v any) {
				counts[fault]++
				err := program.verify()
				require.Error(t, err, "graph %d, %s: %s: %v", seed, program.Name, fault, v)
				require.Regexp(t, want, err.Error(), fault)
			}
			const taken = "memory (was|is) taken|does not lie where"
			// over reports whether v may lie where u does: it is an operand that is not needed any more.
			over := func(v, u *ir.Value) bool {
				k, ok := slices.IndexFunc(v.Def.In, func(x *ir.Value) bool { return x.Base() == u }), false
				for _, pair := range v.Def.Op.Over {
					ok = ok || pair.Operand == k
				}
				return ok && last(program, u) == made(program, v) && program.Places[u].Size == program.Places[v].Size
			}
			for v, place := range program.Places {
				with := func(place Place, fault, want string) {
					old := program.Places[v]
					program.Places[v] = place
					refused(fault, want, v.Name)
					program.Places[v] = old
				}
				with(Place{place.Offset, place.Size - 1}, "shrunk", "needs more memory than its place has")
				with(Place{place.Offset + 1, place.Size}, "misaligned", "between its lines|does not lie where")
				with(Place{place.Offset - 8, place.Size}, "misaligned", "between its lines|does not lie where")
				with(Place{program.Arena, place.Size}, "outside", "outside the arena|does not lie where")
				with(Place{-16, place.Size}, "outside", "outside the arena|does not lie where")
				if program.read(v) {
					delete(program.Places, v)
					refused("missing", "has no place", v.Name)
					program.Places[v] = place
				}
			}
			for i, n := range program.Graph.Nodes {
				for _, v := range n.Out {
					place, ok := program.Places[v]
					if !ok {
						if !program.read(v) && !program.Outside[v] && !v.Type.Scalar() && v.Home() == v && !n.Op.View {
							final := program.Graph.Nodes[len(program.Graph.Nodes)-1]
							if final != n {
								final.In = append(final.In, v)
								refused("a result that nobody read is read", "has no place", v.Name)
								final.In = final.In[:len(final.In)-1]
							}
						}
						continue
					}
					for u, other := range program.Places {
						if u == v || last(program, u) < i || made(program, u) > i || other.Offset+place.Size > program.Arena || other == place || over(v, u) {
							continue
						}
						program.Places[v] = Place{other.Offset, place.Size}
						refused("two live values overlapped", taken, u.Name+" and "+v.Name)
						program.Places[v] = place
					}
				}
				scratch, ok := program.Scratch[n]
				if !ok {
					continue
				}
				program.Scratch[n] = Place{scratch.Offset, scratch.Size - 1}
				refused("scratch shrunk", "scratch needs more memory than its place has", n)
				delete(program.Scratch, n)
				refused("scratch missing", "scratch needs more memory than its place has", n)
				program.Scratch[n] = Place{scratch.Offset + 4, scratch.Size}
				refused("scratch misaligned", "between its lines", n)
				for u, other := range program.Places {
					if last(program, u) >= i && made(program, u) <= i && other.Offset+scratch.Size <= program.Arena {
						program.Scratch[n] = Place{other.Offset, scratch.Size}
						refused("scratch over a live value", taken, n)
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
		"scratch missing", "scratch misaligned", "scratch over a live value", "arena shrunk", "a result that nobody read is read"} {
		assert.Greater(t, counts[fault], 20, fault)
	}
}

// inPlaceAfter plans x → a → y of a, a and x by a card, and what change adds and returns as outputs.
func inPlaceAfter(op *ir.Op, change func(b *ir.Builder, a, y *ir.Value) []*ir.Value) (p *Program, a, y *ir.Value) {
	g := &ir.Graph{Recipe: ir.Recipe{Batch: 4}}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(20))
	a = b.Node("a", card(0, ir.Row(20)), x)[0]
	y = b.Node("y", op, a, a, x)[0]
	g.Outputs = change(b, a, y)
	predict := Memory(Graphs{Predict: g}, nil).Program(Predict)
	return predict, a, y
}

// A result lies over its operand, unless that is needed further: by a later node, by the caller, or by the node itself
// otherwise than element by element.
func TestInPlace(t *testing.T) {
	sum := func(b *ir.Builder, values ...*ir.Value) []*ir.Value {
		return b.Node("sum", card(0, ir.Row(1)), values...)
	}
	all := []int{0, 1, 2}
	for name, c := range map[string]struct {
		op     *ir.Op
		change func(b *ir.Builder, a, y *ir.Value) []*ir.Value
		want   bool
	}{
		"nothing against it":       {inPlace(all...), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y) }, true},
		"the card does not say so": {inPlace(), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y) }, false},
		"read once more at once":   {inPlace(0), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y) }, false},
		"read later":               {inPlace(all...), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y, a) }, false},
		"read later through a view": {inPlace(all...), func(b *ir.Builder, a, y *ir.Value) []*ir.Value {
			return sum(b, y, b.Node("view", same(), a)[0])
		}, false},
		"the operand is the caller's": {inPlace(all...), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return append(sum(b, y), a) }, false},
		"the result is the caller's":  {inPlace(all...), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return []*ir.Value{y} }, false},
		"over the input":              {inPlace(2), func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y) }, false},
		"of another size": {&ir.Op{Name: "half", Over: []ir.Pair{{}, {Operand: 1}}, Eval: elements,
			Types: func([]ir.Type) ([]ir.Type, error) { return []ir.Type{ir.Row(10)}, nil }}, func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y) }, false},
		"of another kind": {&ir.Op{Name: "positions", Over: []ir.Pair{{}, {Operand: 1}}, Eval: elements,
			Types: func([]ir.Type) ([]ir.Type, error) { return []ir.Type{ir.Classes(3, 20)}, nil }}, func(b *ir.Builder, a, y *ir.Value) []*ir.Value { return sum(b, y) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, a, y := inPlaceAfter(c.op, c.change)
			require.NoError(t, p.verify())
			there, placed := p.Places[y]
			assert.Equal(t, c.want, placed && there == p.Places[a])
			if !c.want && placed { // nor does the verifier let it
				if _, ok := p.Places[a]; ok {
					p.Places[y] = Place{p.Places[a].Offset, there.Size}
					assert.Error(t, p.verify())
				}
			}
		})
	}
}

// In a step, what is kept is not lain over; a chain of activations takes the memory of one.
func TestInPlaceInASequence(t *testing.T) {
	g := &ir.Graph{Recipe: ir.Recipe{Batch: 4}}
	b := ir.NewBuilder(g)
	h := b.Node("h", card(0, ir.Row(16)), b.Value(ir.Input, "x", ir.Row(20)))[0]
	for range 9 {
		h = b.Node("h", inPlace(0), h)[0]
	}
	g.Outputs = b.Node("y", card(0, ir.Row(1)), h)
	p := Memory(Graphs{Predict: g}, nil).Program(Predict)
	assert.Equal(t, 64*16, p.Arena)
	assert.Equal(t, p.Arena, p.Bound)

	step := &ir.Graph{Recipe: ir.Recipe{Batch: 4}}
	b = ir.NewBuilder(step)
	y := b.Node("y", card(0, ir.Row(16)), b.Value(ir.Input, "x", ir.Row(20)))[0]
	step.Outputs, b.Phase = []*ir.Value{y}, ir.Loss
	step.Loss = b.Node("loss", inPlace(0), y)[0]
	steps := Memory(Graphs{Step: step, Predict: g}, nil).Program(Steps)
	require.NoError(t, steps.verify())
	assert.NotContains(t, steps.Places, step.Loss, "nobody reads it")
	b.Phase = ir.Backward
	b.Node("loss'", card(0, ir.Type{}), step.Loss)
	steps = Memory(Graphs{Step: step, Predict: g}, nil).Program(Steps)
	assert.NotEqual(t, steps.Places[y], steps.Places[step.Loss], "the output is kept")
}

// Two results do not share one operand's memory.
func TestOneResultLiesOverAnOperand(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	a := b.Node("a", card(0, ir.Row(20)), b.Value(ir.Input, "x", ir.Row(20)))[0]
	both := card(0, ir.Row(20), ir.Row(20))
	both.Over = []ir.Pair{{}, {Result: 1}}
	out := b.Node("y", both, a)
	g.Outputs = b.Node("sum", card(0, ir.Row(1)), out...)
	p := Memory(Graphs{Predict: g}, nil).Program(Predict)
	require.NoError(t, p.verify())
	assert.Equal(t, p.Places[a], p.Places[out[0]])
	assert.NotEqual(t, p.Places[a], p.Places[out[1]])
	p.Places[out[1]] = p.Places[a]
	assert.ErrorContains(t, p.verify(), "taken")
}

// What is overwritten in the arena and what overwrites it are one memory, whose life goes on.
func TestOverwritesInTheArena(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	a := b.Node("a", card(0, ir.Row(20)), b.Value(ir.Input, "x", ir.Row(20)))[0]
	once := b.Node("once", stamp(), b.Node("view", view(), a)[0])[0]
	between := b.Node("between", card(0, ir.Row(20)), g.Inputs[0])[0]
	twice := b.Node("twice", stamp(), once)[0]
	g.Outputs = b.Node("sum", card(0, ir.Row(1)), between, twice)
	require.NoError(t, ir.Verify(g))
	p := Memory(Graphs{Predict: g}, nil).Program(Predict)
	require.NoError(t, p.verify())
	assert.Equal(t, p.Places[a], p.Places[once])
	assert.Equal(t, p.Places[a], p.Places[twice])
	assert.Equal(t, 2*64*20, p.Arena)
	for _, v := range []*ir.Value{a, once, twice} {
		place := p.Places[v]
		p.Places[v] = p.Places[between]
		assert.Error(t, p.verify(), v.Name)
		p.Places[v] = place
	}
	place := p.Places[between]
	p.Places[between] = p.Places[a]
	assert.ErrorContains(t, p.verify(), "taken")
	p.Places[between] = place
	require.NoError(t, p.verify())
}

func TestResultsThatNobodyReadHaveNoPlace(t *testing.T) {
	g := &ir.Graph{Recipe: ir.Recipe{Batch: 4}}
	b := ir.NewBuilder(g)
	all := b.Node("a", card(0, ir.Row(20), ir.Row(300), ir.Row(30)), b.Value(ir.Input, "x", ir.Row(20)))
	g.Outputs = b.Node("y", card(0, ir.Row(1)), all[0], b.Node("view", view(), all[2])[0])
	p := Memory(Graphs{Predict: g}, nil).Program(Predict)
	require.NoError(t, p.verify())
	assert.Contains(t, p.Places, all[0])
	assert.NotContains(t, p.Places, all[1])
	assert.Contains(t, p.Places, all[2], "a view of it is read")
	assert.Equal(t, 64*50, p.Arena)
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
	all := Memory(Graphs{step, predict, judged()}, nil)
	assert.Equal(t, []string{Train, Steps, Predict, Evaluate}, names(all))
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
	assert.Equal(t, []*ir.Value{shared, other, clipped}, Gradients(g), "each once, without views, where it lies")
}
