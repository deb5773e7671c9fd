// Package plan lays the values of a graph out in memory.
//
// What comes in is a graph and the number of rows it is to hold; what goes out is a Program: the nodes in order
// and a place in one arena for every value and every kernel's scratch, such that no two that are needed at the
// same time overlap. The package knows nothing of what operations compute.
package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Plan is the memory of a model: three programs over one set of parameters. Training in one call and in four
// runs the same program, Step.
type Plan struct {
	Step    *Program // nil where the spec has no loss
	Predict *Program
	Params  []Place // one slab, in the order of the graph's parameters
	Slots   []Place // one slab, in the order of the step graph's slots
}

// Place is a stretch of memory, in float32s.
type Place struct{ Offset, Size int }

// End returns the first float32 behind the place.
func (p Place) End() int { return p.Offset + p.Size }

// Program is a graph in execution order with its memory for up to Rows rows.
type Program struct {
	Graph   *ir.Graph
	Rows    int
	Places  map[*ir.Value]Place // of results that own memory
	Scratch map[*ir.Node]Place
	Arena   int // the arena's length in float32s
	Bound   int // what the most demanding moment needs, each buffer rounded up to 64 bytes: no plan is smaller
}

// predictRows is how many rows a prediction takes at a time, at most.
const predictRows = 32

// Memory plans a model: the graph of its training step, nil without one, and that of its prediction.
func Memory(step, predict *ir.Graph) *Plan {
	p := &Plan{Predict: program(predict, min(predict.Recipe.Batch, predictRows), false)}
	p.Params = slab(predict.Params)
	if step != nil {
		p.Step = program(step, step.Recipe.Batch, true)
		p.Slots = slab(step.Slots)
	}
	return p
}

// slab lays arrays side by side, each on a 64-byte boundary.
func slab(values []*ir.Value) []Place {
	places := make([]Place, len(values))
	end := 0
	for i, v := range values {
		places[i] = Place{end, v.Type.Shape.Size()}
		end = align(places[i].End())
	}
	return places
}

// align rounds up to 64 bytes.
func align(floats int) int { return (floats + 15) &^ 15 }

// program plans one graph. keep says that outputs and gradients are read after the last node, and that
// outputs are copied from the arena; without it the outputs' memory is the caller's.
func program(g *ir.Graph, rows int, keep bool) *Program {
	p := &Program{Graph: g, Rows: rows, Places: map[*ir.Value]Place{}, Scratch: map[*ir.Node]Place{}}
	buffers := lives(p, keep)
	p.Bound = bound(buffers)
	p.Arena = -1
	for _, order := range []func(a, b *buffer) int{bySize, byStart, byArea} {
		arena := firstFit(buffers, order)
		if p.Arena >= 0 && arena >= p.Arena {
			continue
		}
		p.Arena = arena
		for _, b := range buffers {
			if b.value != nil {
				p.Places[b.value] = Place{b.offset, b.size}
			} else {
				p.Scratch[b.node] = Place{b.offset, b.size}
			}
		}
	}
	return p
}

// String returns the plan's text form.
func (p *Plan) String() string {
	var s strings.Builder
	writeSlab(&s, "params", p.Predict.Graph.Params, p.Params)
	if p.Step != nil {
		writeSlab(&s, "slots", p.Step.Graph.Slots, p.Slots)
		p.Step.write(&s, "step")
	}
	p.Predict.write(&s, "predict")
	return s.String()
}

func writeSlab(s *strings.Builder, name string, values []*ir.Value, places []Place) {
	fmt.Fprintf(s, "slab %s\n", name)
	for i, v := range values {
		fmt.Fprintf(s, "  %6d +%-6d %s\n", places[i].Offset, places[i].Size, v.Name)
	}
}

func (p *Program) write(s *strings.Builder, name string) {
	fmt.Fprintf(s, "program %s: %d rows, arena %d floats, bound %d\n", name, p.Rows, p.Arena, p.Bound)
	for _, n := range p.Graph.Nodes {
		fmt.Fprintf(s, "  %v\n", n)
		for _, v := range n.Out {
			if place, ok := p.Places[v]; ok {
				fmt.Fprintf(s, "  %6d +%-6d %s\n", place.Offset, place.Size, v.Name)
			}
		}
		if place, ok := p.Scratch[n]; ok {
			fmt.Fprintf(s, "  %6d +%-6d scratch\n", place.Offset, place.Size)
		}
	}
}

// Gradients returns the gradients that the graph's updates read, in the order of the updates.
func Gradients(g *ir.Graph) []*ir.Value {
	var grads []*ir.Value
	for _, n := range g.Nodes {
		if n.Phase == ir.Update && !slices.Contains(grads, n.In[1].Base()) {
			grads = append(grads, n.In[1].Base())
		}
	}
	return grads
}
