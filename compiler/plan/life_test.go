package plan

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

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
