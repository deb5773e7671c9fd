// Package layout decides how every value lies in memory.
//
// What comes in are the graphs of a model, which share their parameters, with nothing decided; what goes out are the
// same graphs with a layout for every value that every card which makes, reads or overwrites it accepts. Where no layout
// suits all of them, a node is added that brings the elements into another order. The package knows operations by their
// cards alone.
package layout

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// Assign lays out the graphs, of which some may be nil. Values that share memory or are combined element by element
// (a parameter, its slots, its gradient and the parts of that) get one layout: the one that the cards like best of
// those that all of them accept, else the one that most of them accept. What overwrites a value decides before what only
// reads it: it cannot work on a copy in another order.
func Assign(graphs ...*ir.Graph) []*ir.Graph {
	c := classes{parent: map[*ir.Value]*ir.Value{}}
	wishes := map[*ir.Value][]wish{}
	for _, g := range graphs {
		if g == nil {
			continue
		}
		for _, slot := range g.Slots {
			c.join(slot, slot.Of)
		}
		for _, n := range g.Nodes {
			for i, v := range n.Out {
				if old := n.Overwrites(i); old != nil {
					c.join(v, old)
				}
			}
			var first *ir.Value
			for _, v := range n.Alike() {
				switch {
				case indifferent(v):
				case first == nil:
					first = v
				default:
					c.join(v, first)
				}
			}
		}
	}
	each(graphs, func(v *ir.Value, w wish) {
		root := c.find(v)
		wishes[root] = append(wishes[root], w)
	})
	chosen := func(v *ir.Value) ir.Layout { return best(wishes[c.find(v)]).Of(v.Type.Shape) }

	laid := make([]*ir.Graph, len(graphs))
	for i, g := range graphs {
		if g == nil {
			continue
		}
		for _, list := range g.Given() {
			for _, v := range list {
				v.Layout = chosen(v)
			}
		}
		for _, n := range g.Nodes {
			for _, v := range n.Out {
				v.Layout = chosen(v)
			}
		}
		laid[i] = reorder(g)
		laid[i].LaidOut = true
	}
	return laid
}

// indifferent reports whether the value is an image for which channels last are no other order.
func indifferent(v *ir.Value) bool {
	return v.Type.Batch && len(v.Type.Shape) == 3 && ir.ChannelsLast.Of(v.Type.Shape) == ir.RowMajor
}

// wish is what a card asks of an operand or a result: the layouts that it accepts, the best first, and whether there
// is no way round it.
type wish struct {
	may  []ir.Layout
	must bool
}

// each visits what the cards ask of operands and results. What the caller gives and gets is in the shape's own order.
func each(graphs []*ir.Graph, visit func(v *ir.Value, w wish)) {
	for _, g := range graphs {
		if g == nil {
			continue
		}
		for _, list := range [][]*ir.Value{g.Inputs, g.Targets, g.Outputs} {
			for _, v := range list {
				visit(v, wish{[]ir.Layout{ir.RowMajor}, true})
			}
		}
		for _, n := range g.Nodes {
			if n.Op.Order != ir.Fixed {
				continue
			}
			overwrites := func(pair func(ir.Pair) bool) bool { return slices.ContainsFunc(n.Op.Overwrites, pair) }
			for i, v := range n.In {
				visit(v, wish{n.May(i, false), overwrites(func(p ir.Pair) bool { return p.Operand == i })})
			}
			for i, v := range n.Out {
				visit(v, wish{n.May(i, true), overwrites(func(p ir.Pair) bool { return p.Result == i })})
			}
		}
	}
}

// best returns the layout that most of the wishes accept, of those that none forbids, of equals the one that stands
// first in the first of them.
func best(wishes []wish) ir.Layout {
	votes := map[ir.Layout]int{}
	var order []ir.Layout
	for _, w := range wishes {
		for _, l := range w.may {
			if votes[l]++; !slices.Contains(order, l) {
				order = append(order, l)
			}
		}
	}
	choice, most := ir.RowMajor, 0
	for _, l := range order {
		forbidden := slices.ContainsFunc(wishes, func(w wish) bool { return w.must && !slices.Contains(w.may, l) })
		if votes[l] > most && !forbidden {
			choice, most = l, votes[l]
		}
	}
	return choice
}

// reorder returns the graph with a node before each operand, and behind each result, that its card does not accept as
// it lies. What several nodes read of a batch in another order is brought into it once.
func reorder(g *ir.Graph) *ir.Graph {
	type place struct {
		value  *ir.Value
		layout ir.Layout
		scope  string
	}
	known := map[place]*ir.Value{}
	return ir.Rewrite(g, func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		if n.Fits() {
			return nil, false
		}
		operands, results := n.Wanted()
		for i, v := range in {
			if slices.Contains(operands[i], v.Layout) {
				continue
			}
			at := place{v, operands[i][0], n.Scope}
			if in[i] = known[at]; in[i] == nil {
				in[i] = b.Node(v.Name, op.Reorder(v.Layout, at.layout), v)[0]
				in[i].Layout = at.layout
				if v.Type.Batch {
					known[at] = in[i]
				}
			}
		}
		names := n.Names()
		for i, v := range n.Out {
			if !slices.Contains(results[i], v.Layout) {
				names[i] += "'" // the name is that of the value that others read
			}
		}
		made := b.Named(names, n.Op, in...)
		made[0].Def.Updates = n.Updates
		for i, v := range made {
			if v.Layout = n.Out[i].Layout; slices.Contains(results[i], v.Layout) {
				continue
			}
			v.Layout = results[i][0]
			made[i] = b.Node(n.Out[i].Name, op.Reorder(v.Layout, n.Out[i].Layout), v)[0]
			made[i].Layout = n.Out[i].Layout
			if v.Type.Batch {
				known[place{made[i], v.Layout, n.Scope}] = v
			}
		}
		return made, true
	})
}

// classes are sets of values that lie alike: a forest whose roots stand for their sets (Tarjan, "Efficiency of a good
// but not linear set union algorithm", 1975).
type classes struct{ parent map[*ir.Value]*ir.Value }

func (c classes) find(v *ir.Value) *ir.Value {
	for c.parent[v] != nil {
		if up := c.parent[c.parent[v]]; up != nil {
			c.parent[v] = up
		}
		v = c.parent[v]
	}
	return v
}

func (c classes) join(v, w *ir.Value) {
	if v, w = c.find(v), c.find(w); v != w {
		c.parent[v] = w
	}
}
