// Package plan orders the nodes of a model's graphs and lays their values out in memory.
//
// What comes in are graphs; what goes out is a list of programs: the nodes in order and a place in one arena for every
// value and every kernel's scratch, such that no two that are needed at the same time overlap. The package knows
// nothing of what operations compute.
package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Plan is the memory of a model: programs over one set of parameters, states and slots.
type Plan struct {
	Model    *ir.Graph // the step's graph, that of the prediction where there is no step
	Programs []*Program
	Layers   []Layer         // what each layer of the spec costs
	Written  map[string]bool // the layers that are written out as arithmetic
	Params   []Place         // one slab, in the order of the graph's parameters
	States   []Place         // one slab for each kind of elements, in the order of the graph's states
	Slots    []Place         // one slab, in the order of the step's slots
	Kept     []Place         // one slab, in the order of what positions of a sequence keep
}

// The programs.
const (
	Steps    = "steps"    // forward, loss, backward and update, one after the other; keeps the gradients
	Train    = "train"    // the same step with each update as soon as its gradient is there, which is then not kept
	Predict  = "predict"  // from the inputs to the outputs
	Evaluate = "evaluate" // from outputs and targets to the losses
	Next     = "next"     // one position more of one sequence
)

// Program returns the program of that name, or nil.
func (p *Plan) Program(name string) *Program {
	for _, program := range p.Programs {
		if program.Name == name {
			return program
		}
	}
	return nil
}

// Place is a stretch of memory, in elements.
type Place struct{ Offset, Size int }

// End returns the first element behind the place.
func (p Place) End() int { return p.Offset + p.Size }

// Program is a graph in execution order with its memory for up to Rows rows.
type Program struct {
	Name    string
	Graph   *ir.Graph
	Rows    int
	Kept    []*ir.Value         // results that are read after the last node
	Outside map[*ir.Value]bool  // results whose memory is the caller's
	Places  map[*ir.Value]Place // of results that lie in the arena
	Scratch map[*ir.Node]Place
	Arena   int // the arena's length in float32s
	Bound   int // what the most demanding moment needs, each buffer rounded up to 64 bytes: no plan is smaller
}

// The rows that a prediction works on at a time: predictRows, or so many fewer that it works in predictFloats.
const (
	predictRows   = 64
	predictFloats = 1 << 22
)

// Graphs are the graphs of a model: of its training step and of the evaluation of losses, nil without a loss, of
// its prediction, and of one position more of a sequence, nil of models that continue none. Train is the step where nobody
// asks for the gradients later, nil if that is no other; forward pass and loss are the step's.
type Graphs struct{ Step, Train, Predict, Evaluate, Next *ir.Graph }

// Each calls f for the graphs that there are, in order.
func (g Graphs) Each(f func(*ir.Graph)) {
	for _, graph := range []*ir.Graph{g.Step, g.Train, g.Predict, g.Evaluate, g.Next} {
		if graph != nil {
			f(graph)
		}
	}
}

// Memory plans a model. written says which layers are written out as arithmetic.
func Memory(g Graphs, written map[string]bool) *Plan {
	p := &Plan{Model: g.Predict, Written: written, Params: slab(g.Predict.Params), States: slab(g.Predict.States)}
	if g.Step != nil {
		p.Model = g.Step
		p.Slots = slab(g.Step.Slots)
		train := newProgram(Train, early(cmp.Or(g.Train, g.Step), written), g.Step.Recipe.Batch)
		train.Kept = bases(g.Step.Outputs)
		train.place(nil)
		steps := newProgram(Steps, g.Step, g.Step.Recipe.Batch)
		steps.Kept = append(gradients(g.Step), bases(g.Step.Outputs)...)
		steps.place(train) // and not the other way round: its gradients would push what train pins upwards
		p.Programs = []*Program{train, steps}
	}
	var predict *Program
	for rows := predictRows; predict == nil || predict.Arena > predictFloats && rows > 0; rows /= 2 {
		predict = newProgram(Predict, g.Predict, rows)
		for _, v := range g.Predict.Outputs {
			predict.Outside[v.Home()] = true
		}
		predict.place(nil)
	}
	p.Programs = append(p.Programs, predict)
	if g.Evaluate != nil {
		evaluate := newProgram(Evaluate, g.Evaluate, predict.Rows)
		evaluate.place(nil)
		p.Programs = append(p.Programs, evaluate)
	}
	if g.Next != nil {
		p.Kept = slab(g.Next.Kept)
		next := newProgram(Next, g.Next, 1)
		for _, v := range g.Next.Outputs {
			next.Outside[v.Home()] = true
		}
		next.place(nil)
		p.Programs = append(p.Programs, next)
	}
	return p
}

func newProgram(name string, g *ir.Graph, rows int) *Program {
	return &Program{Name: name, Graph: g, Rows: rows, Outside: map[*ir.Value]bool{},
		Places: map[*ir.Value]Place{}, Scratch: map[*ir.Node]Place{}}
}

// bases lists the values whose memory others are views of.
func bases(values []*ir.Value) []*ir.Value {
	list := make([]*ir.Value, len(values))
	for i, v := range values {
		list[i] = v.Base()
	}
	return list
}

// slab lays arrays of one kind of elements side by side, each on a 64-byte boundary.
func slab(values []*ir.Value) []Place {
	places := make([]Place, len(values))
	end := map[ir.Kind]int{}
	for i, v := range values {
		places[i] = Place{end[v.Type.Kind], v.Type.Shape.Size()}
		end[v.Type.Kind] = align(places[i].End())
	}
	return places
}

// align rounds up to 64 bytes.
func align(floats int) int { return (floats + 15) &^ 15 }

// place lays the program's values out. What the forward pass and the loss write lies where the program with has it,
// unless that is nil, so that the two can share the code that writes it.
func (p *Program) place(with *Program) {
	buffers := lives(p)
	p.Bound = bound(buffers)
	p.Arena = -1
	var fixed []*buffer
	if with != nil {
		buffers, fixed = pinned(buffers, with)
	}
	for _, order := range []func(a, b *buffer) int{bySize, byStart, byArea} {
		arena := firstFit(buffers, fixed, order)
		if p.Arena >= 0 && arena >= p.Arena {
			continue
		}
		p.Arena = arena
		for _, b := range slices.Concat(buffers, fixed) {
			for _, v := range b.values {
				p.Places[v] = Place{b.offset, size(v.Type, p.Rows)}
			}
			if b.node != nil {
				p.Scratch[b.node] = Place{b.offset, b.size}
			}
		}
	}
}

// pinned takes those buffers out that another program has a place for because they are written in the forward pass or
// the loss.
func pinned(buffers []*buffer, with *Program) (free, fixed []*buffer) {
	for _, b := range buffers {
		n := b.node
		if n == nil {
			n = b.values[0].Def
		}
		if n.Phase > ir.Loss {
			free = append(free, b)
			continue
		}
		b.offset = with.Scratch[n].Offset
		if b.node == nil {
			b.offset = with.Places[b.values[0]].Offset
		}
		fixed = append(fixed, b)
	}
	return free, fixed
}

// String returns the plan's text form.
func (p *Plan) String() string {
	var s strings.Builder
	writeSlab(&s, "params", p.Model.Params, p.Params)
	writeSlab(&s, "states", p.Model.States, p.States)
	writeSlab(&s, "slots", p.Model.Slots, p.Slots)
	if next := p.Program(Next); next != nil {
		writeSlab(&s, "kept", next.Graph.Kept, p.Kept)
	}
	for _, program := range p.Programs {
		program.write(&s)
	}
	return s.String()
}

func writeSlab(s *strings.Builder, name string, values []*ir.Value, places []Place) {
	if len(values) > 0 {
		fmt.Fprintf(s, "slab %s\n", name)
	}
	for i, v := range values {
		fmt.Fprintf(s, "  %6d +%-6d %s\n", places[i].Offset, places[i].Size, v.Name)
	}
}

func (p *Program) write(s *strings.Builder) {
	fmt.Fprintf(s, "program %s: %d rows, arena %d floats, bound %d\n", p.Name, p.Rows, p.Arena, p.Bound)
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

// gradients returns what lies there when the updates read it, or when it becomes part of what they read.
func gradients(g *ir.Graph) []*ir.Value {
	var list []*ir.Value
	for _, n := range g.Nodes {
		if n.Updates != nil && !slices.Contains(list, n.BatchGradient().Base()) {
			list = append(list, n.BatchGradient().Base())
		}
	}
	return list
}
