package op

import "github.com/nnc-lang/nnc/compiler/ir"

// elementwise describes an operation that works element by element: everything else of its card follows from the
// expressions.
type elementwise struct {
	name    string // relu
	kernel  string // ReLU
	doc     string // also the comment over the generated code, with y for the result and x for the first operand
	formula string
	attrs   ir.Attrs
	torch   string   // what it is in PyTorch, with the attributes' names in braces as well; empty where it has no rule
	args    int      // the number of operands
	names   []string // what doc calls them, where that is not x and y
	value   ir.Expr  // of an element, in the operands' elements x(0), x(1), …
	// grad is the gradient of an operation with one operand, in terms of x(0), the result's element y and the
	// result's gradient dy; nil where the card has a rule of its own, or none.
	grad                 ir.Expr
	gradDoc, gradFormula string   // in the order x, y, dy of those that grad reads
	onnx                 onnxRule // nil: what value says
}

// The elements that a gradient of an operation with one operand speaks of.
const (
	x0 = ir.Arg(0)
	x1 = ir.Arg(1)
	x2 = ir.Arg(2)
	y  = ir.Arg(1)
	dy = ir.Arg(2)
)

// card returns the operation's card.
func (e elementwise) card() *ir.Op {
	op := &ir.Op{
		Name:     e.name,
		Attrs:    e.attrs,
		Doc:      e.doc,
		Formula:  e.formula,
		Types:    same,
		Scalar:   e.value,
		Operands: e.names,
		Eval:     evalScalar(e.value, e.attrs),
		Emit:     perElement(e.kernel, e.attrs),
		Written:  writtenScalar(e.value, e.attrs),
		FLOPs:    flops(ir.Operations(e.value)),
		Order:    ir.Alike,
		Over:     over(e.args),
		Next:     eachPosition,
		ONNX:     e.onnx.card(e.value, e.attrs),
	}
	if op.Operands == nil {
		op.Operands = []string{"x", "y"}[:e.args]
	}
	if e.torch != "" {
		op.Torch = torchText(e.torch, e.attrs)
	}
	if e.grad != nil {
		op.Grad = func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			card, read := e.gradCard()
			var operands []*ir.Value
			for _, arg := range read {
				operands = append(operands, []*ir.Value{n.In[0], n.Out[0], dys[0]}[arg])
			}
			return b.Node("∂"+n.In[0].Name, card, operands...)
		}
	}
	return op
}

// gradCard returns the card of the gradient of an operation with one operand, and which of x, y and dy it reads.
func (e elementwise) gradCard() (card *ir.Op, read []ir.Arg) {
	place := map[ir.Arg]ir.Arg{}
	var names []string
	for _, arg := range []ir.Arg{x0, y, dy} {
		if reads(e.grad, arg) {
			place[arg] = ir.Arg(len(read))
			read = append(read, arg)
			names = append(names, []string{"x", "y", "∂y"}[arg])
		}
	}
	value := ir.Replace(e.grad, func(leaf ir.Expr) ir.Expr {
		if arg, ok := leaf.(ir.Arg); ok {
			return place[arg]
		}
		return leaf
	})
	return elementwise{name: e.name + "_grad", kernel: e.kernel + "Grad", doc: e.gradDoc, formula: e.gradFormula,
		attrs: e.attrs, args: len(read), names: names, value: value}.card(), read
}

// reads reports whether an expression has the leaf.
func reads(e, leaf ir.Expr) bool {
	found := false
	ir.Replace(e, func(l ir.Expr) ir.Expr {
		found = found || l == leaf
		return l
	})
	return found
}

// over says that the result may lie over each of so many operands.
func over(operands int) []ir.Pair {
	pairs := make([]ir.Pair, operands)
	for i := range pairs {
		pairs[i].Operand = i
	}
	return pairs
}

// evalScalar is the Eval of an operation whose result has that element. Scalar operands are the same for all.
func evalScalar(e ir.Expr, attrs ir.Attrs) func(ys, xs []ir.Tensor) {
	return func(ys, xs []ir.Tensor) {
		for i := range ys[0].Data {
			ys[0].Data[i] = ir.Evaluate(e, leafAt(attrs, xs, i, len(ys[0].Data)), nil)
		}
	}
}

// leafAt gives the leaves of a Scalar their values at element i of so many.
func leafAt(attrs ir.Attrs, xs []ir.Tensor, i, count int) func(ir.Expr) float64 {
	return func(leaf ir.Expr) float64 {
		switch leaf := leaf.(type) {
		case ir.Arg:
			if xs[leaf].Type.Scalar() {
				return xs[leaf].Data[0]
			}
			return xs[leaf].Data[i]
		case ir.Named:
			return attrs.Number(string(leaf))
		}
		return float64(count) // ir.Count
	}
}

// writtenScalar is the Written of such an operation.
func writtenScalar(e ir.Expr, attrs ir.Attrs) func(*ir.Node) []ir.Written {
	return func(n *ir.Node) []ir.Written {
		return []ir.Written{{Elem: func(i int) ir.Expr { return elementAt(e, attrs, n.In, i, n.Out[0].Type) }}}
	}
}

// elementAt writes a Scalar out for element i of a row of operands, where t has all elements.
func elementAt(e ir.Expr, attrs ir.Attrs, in []*ir.Value, i int, t ir.Type) ir.Expr {
	return ir.Replace(e, func(leaf ir.Expr) ir.Expr {
		switch leaf := leaf.(type) {
		case ir.Arg:
			if in[leaf].Type.Scalar() {
				return ir.Elem{Of: in[leaf]}
			}
			return ir.Elem{Of: in[leaf], Index: i}
		case ir.Named:
			return ir.Num(attrs.Number(string(leaf)))
		case ir.Count:
			return ir.Rows{Times: t.Shape.Size()}
		}
		return leaf
	})
}

// perElement calls a kernel on the n·size elements of the last operand, n being 1 without a batch axis, with the
// attributes behind.
func perElement(kernel string, attrs ir.Attrs) func(*ir.Node) ir.Call {
	return func(n *ir.Node) ir.Call {
		t := n.In[len(n.In)-1].Type
		call := ir.Call{Kernel: kernel, Rows: 1}
		if !t.Batch {
			call.Rows, call.Consts = 0, []ir.Constant{ir.Size(1)}
		}
		call.Consts = append(call.Consts, ir.Size(t.Shape.Size()))
		for _, a := range attrs {
			call.Consts = append(call.Consts, ir.Number(a.Value))
		}
		return call
	}
}

// gradOf is the function that makes the card of the operation's gradient, for its laws.
func gradOf(e elementwise) func() *ir.Op {
	return func() *ir.Op {
		card, _ := e.gradCard()
		return card
	}
}
