package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// The runtime's kernels sum in blocks, and so does what is written out: a product's accumulator takes so many rows
// before it is joined to the others, a reduction so many terms.
const (
	sumBlock  = 256
	laneBlock = 4096
)

// group writes nodes that are written out, as few loops over the rows as their order and their memory allow.
func (b *body) group(nodes []*ir.Node) {
	for len(nodes) > 0 {
		if !nodes[0].Batched() {
			b.straight(nodes[0])
			nodes = nodes[1:]
			continue
		}
		n := 1
		for n < len(nodes) && nodes[n].Batched() && b.joins(nodes[n], nodes[:n]) {
			n++
		}
		b.loop(nodes[:n])
		nodes = nodes[n:]
	}
}

// joins reports whether a node may run in one loop with the nodes before it: whether it reads no sum that is
// complete only at the loop's end, and writes no memory that they still read in later rows. The plan lets a value
// take the memory of one that is no longer needed node by node; a loop is done with it only after the last row. Where
// the one takes the very place of the other, row for row, nothing is in the way.
func (b *body) joins(n *ir.Node, before []*ir.Node) bool {
	for _, m := range before {
		for _, y := range m.Out {
			if !y.Type.Batch && slices.Contains(n.In, y) {
				return false
			}
		}
		if b.fused {
			continue // everything stays in variables
		}
		for _, y := range n.Out {
			for _, x := range slices.Concat(m.In, m.Out) {
				if overlap(b.program, x.Base(), y) {
					return false
				}
			}
		}
	}
	return true
}

// overlap reports whether two values share memory of the arena, but not row for row.
func overlap(program *plan.Program, x, y *ir.Value) bool {
	p, inX := program.Places[x]
	q, inY := program.Places[y]
	return inX && inY && p.Offset < q.End() && q.Offset < p.End() && !(p == q && x.Type.Batch == y.Type.Batch)
}

// straight writes a node without the batch axis, such as the update of a small parameter.
func (b *body) straight(n *ir.Node) {
	b.comment(n)
	x := &expressions{body: b}
	add := func(format string, args ...any) { b.stmts = append(b.stmts, raw(fmt.Sprintf(format, args...))) }
	for k, w := range b.written(n) {
		v := n.Out[k]
		if v.Scalar() {
			code := x.code(w.Elem(0))
			b.define(b.scalar(v), code)
			continue
		}
		for i := range v.Type.Shape.Size() {
			e := w.Elem(i)
			target := x.whole(v, i)
			if sub, ok := e.(ir.Binary); ok && n.Overwrites(k) != nil && sub.Op == '-' && sub.X == ir.Expr(ir.Elem{Of: n.Overwrites(k), Index: i}) {
				add("%s -= %s", target, x.addend(sub.Y))
			} else {
				add("%s = %s", target, x.code(e))
			}
		}
	}
}

// define assigns to the variable of a scalar.
func (b *body) define(name, code string) {
	b.stmts = append(b.stmts, raw(assignment(name, code)))
}

// assignment is the statement that gives a scalar its value: its variable is new unless it is a field.
func assignment(name, code string) string {
	if strings.Contains(name, ".") || name == "_" {
		return name + " = " + code
	}
	return name + " := " + code
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

// readElsewhere reports whether a node reads the value that is none of those, nor one of the function's that makes a view.
func (b *body) readElsewhere(v *ir.Value, here, function map[*ir.Node]bool) bool {
	return slices.ContainsFunc(b.readers[v], func(n *ir.Node) bool { return !here[n] && !(n.Op.View && function[n]) })
}

// readLater reports whether a result is read by other nodes than those, or after the function: whether it must
// stand in memory.
func (b *body) readLater(v *ir.Value, here map[*ir.Node]bool) bool {
	if b.readElsewhere(v, here, b.nodes) {
		return true
	}
	for _, other := range b.alike { // another round's gradient may need what the first one's does not
		counterpart := map[*ir.Node]*ir.Node{}
		among, all := map[*ir.Node]bool{}, map[*ir.Node]bool{}
		for i, n := range b.round.nodes {
			counterpart[n] = other.nodes[i]
			all[other.nodes[i]] = true
			among[other.nodes[i]] = here[n]
		}
		if n := counterpart[v.Def]; n != nil && b.readElsewhere(n.Out[slices.Index(v.Def.Out, v)], among, all) {
			return true
		}
	}
	if b.fused {
		return false
	}
	for _, list := range [][]*ir.Value{b.graph.Outputs, b.predict.Outputs, b.program.Graph.Outputs} {
		if slices.ContainsFunc(list, func(out *ir.Value) bool { return out.Base() == v }) {
			return true
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
	x := &expressions{body: b, inLoop: true, seen: map[string]int{}, shared: map[string]string{},
		rows: map[*ir.Value]string{}, results: map[element]string{}, reads: map[element]bool{}}
	stored := map[*ir.Value]bool{}
	for _, n := range slices.Backward(nodes) {
		for k, w := range b.written(n) {
			v := n.Out[k]
			stored[v] = w.Sum == ir.NoSum && b.readLater(v, here)
			for i := range terms(n, k, w) {
				if w.Sum != ir.NoSum || stored[v] || x.reads[element{v, i}] {
					x.count(w.Elem(i))
				}
			}
		}
	}
	var accumulators, totals []string
	blocks := false
	for _, n := range nodes {
		x.inner = append(x.inner, fmt.Sprintf("%#v", b.formula(n)))
		for k, w := range b.written(n) {
			v := n.Out[k]
			switch w.Sum {
			case ir.NoSum:
				x.elements(v, w, stored[v])
			case ir.OverRows:
				names := x.accumulate(v, w)
				accumulators = append(accumulators, "var "+strings.Join(names, ", ")+" float32")
				if b.program.Rows > sumBlock {
					blocks = true
					totals = append(totals, b.total(v, names)...)
				}
			case ir.InLanes:
				b.lanes(x, v, w)
			}
		}
	}
	n, r, from := b.name("n"), b.name("r"), b.name("from")
	inner := strings.Join(append(x.loads, x.inner...), "\n")
	add := func(lines ...string) {
		if len(lines) > 0 {
			b.stmts = append(b.stmts, raw(strings.Join(lines, "\n")))
		}
	}
	add(x.before...)
	if blocks {
		add(fmt.Sprintf("for %s := 0; %s < %s; %s += %d {", from, from, n, from, sumBlock),
			strings.Join(accumulators, "\n"),
			fmt.Sprintf("for %s := %s; %s < min(%s, %s+%d); %s++ {\n%s\n}", r, from, r, n, from, sumBlock, r, inner),
			strings.Join(totals, "\n"), "}")
	} else {
		add(accumulators...)
		add(fmt.Sprintf("for %s := range %s {\n%s\n}", r, n, inner))
	}
	add(x.after...)
	for _, n := range nodes {
		for k, w := range b.written(n) {
			if v := n.Out[k]; w.Sum == ir.OverRows && b.sumReadLater(v) {
				for i := range v.Type.Shape.Size() {
					target := x.whole(v, i)
					add(target + " = " + b.sums[element{v, i}])
				}
			}
		}
	}
}

// sumReadLater reports whether a sum over rows must stand in memory: whether anything but the straight
// arithmetic of this function reads it. Gradients are kept for those who ask for them.
func (b *body) sumReadLater(v *ir.Value) bool {
	if !b.fused {
		return true
	}
	return slices.ContainsFunc(b.readers[v], func(n *ir.Node) bool { return !b.nodes[n] || b.written(n) == nil })
}

// terms returns how many expressions a result has.
func terms(n *ir.Node, k int, w ir.Written) int {
	if w.Sum == ir.InLanes {
		return w.Terms
	}
	return n.Out[k].Type.Shape.Size()
}

// elements computes the elements of one row of a result: as variables of the loop where its nodes read them, in
// memory where others do. Nothing is written for an element that nobody reads: Go refuses variables without a use.
func (x *expressions) elements(v *ir.Value, w ir.Written, store bool) {
	values := make([]string, v.Type.Shape.Size())
	for i := range values {
		read := x.reads[element{v, i}]
		if !store && !read {
			continue
		}
		values[i] = x.addend(w.Elem(i)) // rounded here, whatever is done with it
		if _, known := fold(w.Elem(i)).(ir.Num); known {
			values[i] = "float32(" + values[i] + ")"
		}
		if read {
			name := x.elementName(v, i)
			x.inner = append(x.inner, name+" := "+values[i])
			values[i] = name
			x.results[element{v, i}] = name
		}
	}
	switch {
	case store && len(values) == 1:
		x.inner = append(x.inner, fmt.Sprintf("%s = %s", x.row(v), values[0]))
	case store:
		x.inner = append(x.inner, fmt.Sprintf("*%s = [%d]float32{%s}", x.row(v), len(values), strings.Join(values, ", ")))
	}
}

// accumulate adds one row to a sum over the rows and returns its variables.
func (x *expressions) accumulate(v *ir.Value, w ir.Written) []string {
	var names []string
	for i := range v.Type.Shape.Size() {
		name := x.elementName(v, i)
		names = append(names, name)
		x.inner = append(x.inner, name+" += "+x.addend(w.Elem(i)))
		x.sums[element{v, i}] = name
	}
	return names
}

// total joins the accumulators of a block of rows to the function's.
func (b *body) total(v *ir.Value, names []string) []string {
	var declared, joins []string
	for i, name := range names {
		total := b.locals.fresh(fmt.Sprintf("%sTotal_%d", b.local(v), i))
		declared = append(declared, total)
		joins = append(joins, total+" += "+name)
		b.sums[element{v, i}] = total
	}
	b.stmts = append(b.stmts, raw("var "+strings.Join(declared, ", ")+" float32"))
	return joins
}

// lanes sums a row's terms in lanes and makes the result after the loop; of a fused step, at the end if only its caller
// reads it: then the processor has its hands free of the other sums.
func (b *body) lanes(x *expressions, v *ir.Value, w ir.Written) {
	lanes, r := b.locals.fresh("lanes"), b.name("r")
	total := lanes + ".Sum()"
	if short := b.program.Rows*w.Terms <= laneBlock; short {
		x.before = append(x.before, "var "+lanes+" kernel.Lanes")
		for i := range w.Terms {
			index := r + "&15"
			if w.Terms > 1 {
				index = fmt.Sprintf("(%d*%s+%d)&15", w.Terms, r, i)
			}
			x.inner = append(x.inner, fmt.Sprintf("%s[%s] += %s", lanes, index, x.addend(w.Elem(i))))
		}
	} else {
		x.before = append(x.before, "var "+lanes+" kernel.Sum")
		total = lanes + ".Total()"
		for i := range w.Terms {
			x.inner = append(x.inner, fmt.Sprintf("%s.Add(%s)", lanes, x.code(w.Elem(i))))
		}
	}
	result := assignment(b.scalar(v), (&expressions{body: b, total: total}).code(w.Post))
	if b.fused && len(b.readers[v]) == 0 {
		b.last = append(b.last, result)
	} else {
		x.after = append(x.after, result)
	}
}
