package gogen

import "github.com/nnc-lang/nnc/compiler/ir"

// An operation is written out as arithmetic where it costs at most this many operations on single numbers:
// about what a call of a kernel costs.
const mostWritten = 48

// forms decides which operations of a model are written out, and says how. This is the one place that does, by
// shapes per sample, never by the number of rows. A layer has one form, forwards and backwards, in training and
// in prediction.
func forms(graphs ...*ir.Graph) map[*ir.Node][]ir.Written {
	written := map[*ir.Node][]ir.Written{}
	tooLarge := map[string]bool{}
	for _, g := range graphs {
		for _, n := range g.Nodes {
			if n.Op.View {
				continue
			}
			if written[n] = small(n); written[n] == nil {
				tooLarge[n.Layer] = true
			}
		}
	}
	for n := range written {
		if tooLarge[n.Layer] {
			delete(written, n)
		}
	}
	return written
}

// small returns the operation element by element if it is small enough to be written out, else nil.
func small(n *ir.Node) []ir.Written {
	if n.Op.Written == nil {
		return nil
	}
	for _, list := range [][]*ir.Value{n.In, n.Out} {
		for _, v := range list {
			if v.Type.Shape.Size() > mostWritten {
				return nil
			}
		}
	}
	results := n.Op.Written(n)
	cost := 0
	for k, w := range results {
		for i := range terms(n, k, w) {
			if cost += 1 + operations(w.Elem(i)); cost > mostWritten {
				return nil
			}
		}
	}
	return results
}

// operations counts the operations of an expression.
func operations(e ir.Expr) int {
	switch e := e.(type) {
	case ir.Binary:
		return 1 + operations(e.X) + operations(e.Y)
	case ir.Apply:
		n := 1
		for _, a := range e.Args {
			n += operations(a)
		}
		return n
	}
	return 0
}
