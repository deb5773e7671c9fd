package gogen

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
)

// sumBlock is the number of rows after which a product's accumulator is joined to the others: the kernels' own.
const sumBlock = 256

// group writes nodes that are written out, as few loops over the rows as their order and their memory allow.
func (b *body) group(nodes []*ir.Node) {
	for len(nodes) > 0 {
		if !batched(nodes[0]) {
			b.straight(nodes[0])
			nodes = nodes[1:]
			continue
		}
		n := 1
		for n < len(nodes) && batched(nodes[n]) && b.joins(nodes[n], nodes[:n]) {
			n++
		}
		b.loop(nodes[:n])
		nodes = nodes[n:]
	}
}

// joins reports whether a node may run in one loop with the nodes before it: whether it reads no sum that is
// complete only at the loop's end, and writes no memory that they still read in later rows. The plan lets a value
// take the memory of one that is no longer needed node by node; a loop is done with it only after the last row.
func (b *body) joins(n *ir.Node, before []*ir.Node) bool {
	for _, m := range before {
		for _, y := range m.Out {
			if !y.Type.Batch && slices.Contains(n.In, y) {
				return false
			}
		}
		if b.forgets {
			continue // everything stays in variables
		}
		for _, y := range n.Out {
			for _, x := range slices.Concat(m.In, m.Out) {
				if b.overlap(x.Base(), y) {
					return false
				}
			}
		}
	}
	return true
}

// overlap reports whether two values share memory of the arena.
func (b *body) overlap(x, y *ir.Value) bool {
	p, inX := b.program.Places[x]
	q, inY := b.program.Places[y]
	return inX && inY && p.Offset < q.End() && q.Offset < p.End()
}

// batched reports whether a node works row by row.
func batched(n *ir.Node) bool {
	for _, list := range [][]*ir.Value{n.In, n.Out} {
		for _, v := range list {
			if v.Type.Batch {
				return true
			}
		}
	}
	return false
}

// straight writes a node without the batch axis, such as the update of a small parameter.
func (b *body) straight(n *ir.Node) {
	b.says(n)
	x := &expressions{body: b}
	for k, w := range b.written[n] {
		v := n.Out[k]
		if v.Type.Scalar() {
			code := x.code(w.Elem(0))
			b.stmts = append(b.stmts, jen.Id(b.scalar(v)).Op(":=").Add(code))
			continue
		}
		for i := range v.Type.Shape.Size() {
			target, e := x.whole(v, i), w.Elem(i)
			if sub, ok := e.(ir.Binary); ok && n.Overwrites(k) != nil && sub.Op == '-' && sub.X == ir.Expr(ir.Elem{Of: n.Overwrites(k), Index: i}) {
				b.stmts = append(b.stmts, target.Op("-=").Add(x.addend(sub.Y)))
			} else {
				b.stmts = append(b.stmts, target.Op("=").Add(x.code(e)))
			}
		}
	}
}

// readers lists, for each value that owns memory, the nodes that read it or a view of it.
func readers(graphs ...*ir.Graph) map[*ir.Value][]*ir.Node {
	by := map[*ir.Value][]*ir.Node{}
	for _, g := range graphs {
		for _, n := range g.Nodes {
			for _, x := range n.In {
				by[x.Base()] = append(by[x.Base()], n)
			}
		}
	}
	return by
}

// readLater reports whether a result is read by other nodes than those, or after the function: whether it must
// stand in memory.
func (b *body) readLater(v *ir.Value, here map[*ir.Node]bool) bool {
	for _, n := range b.readers[v] {
		if !here[n] && !(n.Op.View && b.nodes[n]) {
			return true
		}
	}
	if b.forgets {
		return false
	}
	for _, list := range [][]*ir.Value{b.graph.Outputs, b.predict.Outputs} {
		for _, out := range list {
			if out.Base() == v {
				return true
			}
		}
	}
	return false
}

// loop writes nodes as one loop over the rows. A result that only they read is a variable of the loop; a sum
// over the rows is a variable of the function.
func (b *body) loop(nodes []*ir.Node) {
	here := map[*ir.Node]bool{}
	for _, n := range nodes {
		here[n] = true
	}
	x := &expressions{body: b, inLoop: true, seen: map[string]int{}, shared: map[string]*jen.Statement{},
		rows: map[*ir.Value]string{}, locals: map[element]jen.Code{}, read: map[element]bool{}}
	stored := map[*ir.Value]bool{}
	for _, n := range slices.Backward(nodes) {
		for k, w := range b.written[n] {
			v := n.Out[k]
			stored[v] = w.Sum == ir.NoSum && b.readLater(v, here)
			for i := range terms(n, k, w) {
				if w.Sum != ir.NoSum || stored[v] || x.read[element{v, i}] {
					x.count(w.Elem(i))
				}
			}
		}
	}
	var accumulators, totals []jen.Code
	blocks := false
	for _, n := range nodes {
		x.stmts = append(x.stmts, b.formula(n))
		for k, w := range b.written[n] {
			v := n.Out[k]
			switch w.Sum {
			case ir.NoSum:
				x.results(v, w, stored[v])
			case ir.OverRows:
				blocks = blocks || b.program.Rows > sumBlock
				names := x.accumulate(v, w)
				accumulators = append(accumulators, jen.Var().List(names...).Float32())
				if b.program.Rows > sumBlock {
					totals = append(totals, b.total(v, names)...)
				}
			case ir.InLanes:
				b.lanes(x, v, w)
			}
		}
	}
	b.stmts = append(b.stmts, x.before...)
	inner := append(x.loads, x.stmts...)
	if !blocks {
		b.stmts = append(b.stmts, accumulators...)
		b.stmts = append(b.stmts, jen.For(jen.Id("r").Op(":=").Range().Id("n")).Block(inner...))
	} else {
		block := append(accumulators,
			jen.For(jen.Id("r").Op(":=").Id("from"), jen.Id("r").Op("<").Min(jen.Id("n"), jen.Id("from").Op("+").Lit(sumBlock)), jen.Id("r").Op("++")).Block(inner...))
		b.stmts = append(b.stmts, jen.For(jen.Id("from").Op(":=").Lit(0), jen.Id("from").Op("<").Id("n"), jen.Id("from").Op("+=").Lit(sumBlock)).Block(append(block, totals...)...))
	}
	b.stmts = append(b.stmts, x.after...)
	for _, n := range nodes {
		for k, w := range b.written[n] {
			if v := n.Out[k]; w.Sum == ir.OverRows && b.sumReadLater(v) {
				for i := range v.Type.Shape.Size() {
					b.stmts = append(b.stmts, x.whole(v, i).Op("=").Add(b.sums[element{v, i}]))
				}
			}
		}
	}
}

// sumReadLater reports whether a sum over rows must stand in memory: whether anything but the straight
// arithmetic of this function reads it. Gradients are kept for those who ask for them.
func (b *body) sumReadLater(v *ir.Value) bool {
	if !b.forgets {
		return true
	}
	return slices.ContainsFunc(b.readers[v], func(n *ir.Node) bool { return !b.nodes[n] || b.written[n] == nil })
}

// terms returns how many expressions a result has.
func terms(n *ir.Node, k int, w ir.Written) int {
	if w.Sum == ir.InLanes {
		return w.Terms
	}
	return n.Out[k].Type.Shape.Size()
}

// results computes the elements of one row of a result: as variables of the loop where its nodes read them, in
// memory where others do. Nothing is written for an element that nobody reads, such as one of a part: Go refuses
// variables without a use.
func (x *expressions) results(v *ir.Value, w ir.Written, store bool) {
	values := make([]jen.Code, v.Type.Shape.Size())
	for i := range values {
		read := x.read[element{v, i}]
		if !store && !read {
			continue
		}
		values[i] = x.addend(w.Elem(i)) // rounded here, whatever is done with it
		if _, known := fold(w.Elem(i)).(ir.Num); known {
			values[i] = jen.Float32().Parens(values[i])
		}
		if read {
			name := x.elementName(v, i)
			x.stmts = append(x.stmts, jen.Id(name).Op(":=").Add(values[i]))
			values[i] = jen.Id(name)
			x.locals[element{v, i}] = values[i]
		}
	}
	size := len(values)
	switch {
	case store && size == 1:
		x.stmts = append(x.stmts, x.memory(v).Index(jen.Id("r")).Op("=").Add(values[0]))
	case store:
		row := jen.Parens(jen.Op("*").Index(jen.Lit(size)).Float32()).Parens(x.memory(v).Index(jen.Lit(size).Op("*").Id("r"), jen.Empty()))
		x.stmts = append(x.stmts, jen.Op("*").Add(row).Op("=").Index(jen.Lit(size)).Float32().Values(values...))
	}
}

// accumulate adds one row to a sum over the rows and returns its variables.
func (x *expressions) accumulate(v *ir.Value, w ir.Written) []jen.Code {
	var names []jen.Code
	for i := range v.Type.Shape.Size() {
		name := x.elementName(v, i)
		names = append(names, jen.Id(name))
		x.stmts = append(x.stmts, jen.Id(name).Op("+=").Add(x.addend(w.Elem(i))))
		x.sums[element{v, i}] = jen.Id(name)
	}
	return names
}

// total joins the accumulators of a block of rows to the function's.
func (b *body) total(v *ir.Value, names []jen.Code) []jen.Code {
	var declared, joins []jen.Code
	for i, name := range names {
		total := b.local.fresh(fmt.Sprintf("%sTotal_%d", b.value(v), i))
		declared = append(declared, jen.Id(total))
		joins = append(joins, jen.Id(total).Op("+=").Add(name))
		b.sums[element{v, i}] = jen.Id(total)
	}
	b.stmts = append(b.stmts, jen.Var().List(declared...).Float32())
	return joins
}

// lanes sums a row's terms in lanes and makes the result after the loop.
func (b *body) lanes(x *expressions, v *ir.Value, w ir.Written) {
	lanes := b.local.fresh("lanes")
	x.before = append(x.before, jen.Var().Id(lanes).Add(kernelFunc("Lanes")))
	for i := range w.Terms {
		index := jen.Id("r").Op("&").Lit(15)
		if w.Terms > 1 {
			index = jen.Parens(jen.Lit(w.Terms).Op("*").Id("r").Op("+").Lit(i)).Op("&").Lit(15)
		}
		x.stmts = append(x.stmts, jen.Id(lanes).Index(index).Op("+=").Add(x.addend(w.Elem(i))))
	}
	name := b.scalar(v)
	x.after = append(x.after, jen.Id(name).Op(":=").Add((&expressions{body: b, total: jen.Id(lanes).Dot("Sum").Call()}).code(w.Post)))
}
