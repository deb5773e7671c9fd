package pytorch

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// program is a program that is being written.
type program struct {
	graph   *ir.Graph
	rules   rules
	root    *object
	renamed map[string]string // components of names that PyTorch has no use for, and what they are there

	called  map[*ir.Node]*object
	tensors map[tensorOf]string // nnc's names of those that a node names by itself

	readBy map[*ir.Value][]*ir.Node

	classes []*class        // in the order in which they are written
	parts   map[string]bool // those that the texts need
	taken   names           // of what stands in the file beside functions
	busy    []string        // names that no variable of forward may have
}

// region says which nodes an object's class computes, for all of them. Where others stand between, the object above does.
func (p *program) region(o *object) {
	live := p.live()
	for _, o := range o.all() {
		if o.up == nil {
			o.nodes, o.whole = live, true
			continue
		}
		if !o.own() {
			continue
		}
		first, last := -1, -1
		for i, n := range live {
			if within(n.Layer, o.path) {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if first < 0 {
			continue
		}
		o.nodes = live[first : last+1]
		o.whole = !slices.ContainsFunc(o.nodes, func(n *ir.Node) bool { return !within(n.Layer, o.path) })
	}
}

// within reports whether a layer is that of the path or stands below it.
func within(layer, path string) bool {
	return layer == path || len(layer) > len(path) && layer[:len(path)] == path && layer[len(path)] == '.'
}

// live lists the nodes of the forward pass that are computed, which are those that an output needs or that change a state.
func (p *program) live() []*ir.Node {
	needed := map[*ir.Value]bool{}
	for _, v := range p.graph.Outputs {
		needed[v] = true
	}
	var list []*ir.Node
	for _, n := range slices.Backward(p.graph.Nodes) {
		r := p.rules[n]
		if r == nil || n.Phase != ir.Forward || !n.Effect() && !slices.ContainsFunc(r.results, func(v *ir.Value) bool { return needed[v] }) {
			continue
		}
		for _, v := range r.reads() {
			needed[v] = true
		}
		list = append(list, n)
	}
	slices.Reverse(list)
	return list
}
