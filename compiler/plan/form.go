package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// MostWritten is how many operations on single numbers an operation may cost to be written out as arithmetic. Beyond it
// the kernels' vectors make up for the calls: on a Zen 4, by TestForms, a step on 32 rows of linear 10->1, of 21
// operations, takes 0.9 times as long written out, of 15->1, of 31, 1.4 times, of 20->1 2.1 times; of 6->2, of 26, 1.0 times,
// of 11->2, of 46, 1.9 times; of 3->4, of 28, 1.2 times, of 5->4, of 44, 1.8 times. One row is predicted in a quarter to a
// third of the time in all of them, so that at 32 both together come out even.
const MostWritten = 32

// Written decides which layers of a model are written out as arithmetic, element by element. This is the one place that
// does, by shapes per sample, never by the number of rows. A layer has one form, forwards and backwards, in training
// and in prediction. most is MostWritten, unless the two forms are compared.
func Written(graphs Graphs, most int) map[string]bool {
	written := map[string]bool{}
	graphs.Next = nil // its positions have the form of whole sequences, and so their bits
	graphs.Each(func(g *ir.Graph) {
		for _, n := range g.Nodes {
			if n.Op.View {
				continue
			}
			before, seen := written[n.Layer]
			written[n.Layer] = small(n, most) && (before || !seen)
		}
	})
	graphs.Each(func(g *ir.Graph) { follow(g, written) })
	return written
}

// follow makes those element-wise layers calls that work on what a call has made: that takes them along, see
// simplify.Epilogue.
func follow(g *ir.Graph, written map[string]bool) {
	taken := map[*ir.Value]bool{}
	for _, n := range g.Nodes {
		switch {
		case n.Phase != ir.Forward:
		case n.Op.Maps:
			taken[n.Out[0]] = !written[n.Layer]
		case n.Map() && slices.ContainsFunc(n.In, func(v *ir.Value) bool { return taken[v] }):
			taken[n.Out[0]], written[n.Layer] = true, false
		}
	}
}

// small reports whether an operation is small enough to be written out. What only moves elements is not: a copy is no
// arithmetic, and a call copies faster.
func small(n *ir.Node, most int) bool {
	if n.Op.Written == nil {
		return false
	}
	for _, list := range [][]*ir.Value{n.In, n.Out} {
		for _, v := range list {
			if v.Type.Shape.Size() > most {
				return false
			}
		}
	}
	results := n.Op.Written(n)
	cost := 0
	for k, w := range results {
		terms := n.Out[k].Type.Shape.Size()
		if w.Sum == ir.InLanes {
			terms = w.Terms
		}
		for i := range terms {
			if cost += 1 + operations(w.Elem(i)); cost > most {
				return false
			}
		}
	}
	return results != nil
}

// operations counts the operations of an expression as they stand, and those of the functions that it applies.
func operations(e ir.Expr) int {
	switch e := e.(type) {
	case ir.Binary:
		if one, ok := e.X.(ir.Elem); ok && e.Op == '*' && one.Of.Role == ir.Const && one.Of.Number == 1 {
			return operations(e.Y)
		}
		return 1 + operations(e.X) + operations(e.Y)
	case ir.Apply:
		n := 1
		for _, step := range e.Func.Body {
			n += operations(step.Value)
		}
		for _, a := range e.Args {
			n += operations(a)
		}
		return n
	}
	return 0
}
