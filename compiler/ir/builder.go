package ir

import (
	"fmt"
	"slices"
	"strconv"
)

// Builder adds values and nodes to a graph. What it is asked must be right: a node whose operands do not fit
// its operation is a mistake of the compiler, and panics.
type Builder struct {
	Graph *Graph
	Phase Phase  // of the nodes to come
	Layer string // likewise
	Scope string // likewise
	Pos   Pos    // likewise
	names map[string]int
}

// NewBuilder returns a builder that adds to g.
func NewBuilder(g *Graph) *Builder {
	b := &Builder{Graph: g, names: map[string]int{}}
	for _, list := range g.Given() {
		for _, v := range list {
			b.names[v.Name]++
		}
	}
	for _, n := range g.Nodes {
		for _, v := range n.Out {
			b.names[v.Name]++
		}
	}
	return b
}

// Value adds a value that no node makes.
func (b *Builder) Value(role Role, name string, t Type) *Value {
	v := &Value{Name: b.unique(name), Type: t, Role: role, Scope: b.Scope, Pos: b.Pos}
	switch role {
	case Input:
		b.Graph.Inputs = append(b.Graph.Inputs, v)
	case Target:
		b.Graph.Targets = append(b.Graph.Targets, v)
	case Param:
		b.Graph.Params = append(b.Graph.Params, v)
	case State:
		b.Graph.States = append(b.Graph.States, v)
	case Slot:
		b.Graph.Slots = append(b.Graph.Slots, v)
	case Kept:
		b.Graph.Kept = append(b.Graph.Kept, v)
	case Scalar:
		b.Graph.Scalars = append(b.Graph.Scalars, v)
	}
	return v
}

// Const returns the scalar x.
func (b *Builder) Const(x float64) *Value {
	return &Value{Name: strconv.FormatFloat(x, 'g', -1, 64), Role: Const, Number: x}
}

// Scalar returns the step scalar of that name: one of those that the graph is given.
func (b *Builder) Scalar(name string) *Value {
	for _, v := range b.Graph.Scalars {
		if v.Name == name {
			return v
		}
	}
	kind := I64
	if name == LearningRate {
		kind = F64
	}
	return b.Value(Scalar, name, Type{Kind: kind})
}

// Node applies op and returns its results, the first under the given name, the others under that name and
// their own.
func (b *Builder) Node(name string, op *Op, in ...*Value) []*Value {
	names := []string{name}
	for _, result := range op.Results {
		names = append(names, name+"."+result)
	}
	return b.Named(names, op, in...)
}

// Named is Node with a name for each result.
func (b *Builder) Named(names []string, op *Op, in ...*Value) []*Value {
	types := make([]Type, len(in))
	for i, v := range in {
		types[i] = v.Type
	}
	results, err := op.Types(types)
	if err != nil {
		panic(fmt.Sprintf("ir: %s = %s%v: %v", names[0], op.Name, types, err))
	}
	n := &Node{Op: op, Layer: b.Layer, Scope: b.Scope, Phase: b.Phase, Pos: b.Pos, In: in}
	for i, t := range results {
		n.Out = append(n.Out, &Value{Name: b.unique(names[i]), Type: t, Scope: b.Scope, Pos: b.Pos, Def: n})
	}
	b.Graph.Nodes = append(b.Graph.Nodes, n)
	return slices.Clone(n.Out) // whoever changes the list does not change the node
}

// unique returns the name if no value has it, else the first of name', name'2, name'3, … that is free.
func (b *Builder) unique(name string) string {
	free := name
	for b.names[free] > 0 {
		again := b.names[name] // how often the name was asked for: no lower number is free
		b.names[name]++
		if free = name + "'"; again > 1 {
			free += strconv.Itoa(again)
		}
	}
	b.names[free]++
	return free
}
