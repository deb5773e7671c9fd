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
