package op

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// onnxRule adds the operators of an operation that works element by element, where its operands are called x. nil: those of
// its Scalar.
type onnxRule func(o ir.ONNX, x ...string) string

// card is what a card with that Scalar has: nil where the rule is nil and the Scalar has what no operator is.
func (r onnxRule) card(scalar ir.Expr, attrs ir.Attrs) func(o ir.ONNX, n *ir.Node, in []string) []string {
	if r == nil {
		if !onnxHas(scalar) {
			return nil
		}
		r = onnxOf(scalar, attrs)
	}
	return func(o ir.ONNX, _ *ir.Node, in []string) []string { return []string{r(o, in...)} }
}

// onnxHas reports whether operators compute an expression.
func onnxHas(e ir.Expr) bool {
	switch e := e.(type) {
	case ir.Binary:
		return onnxHas(e.X) && onnxHas(e.Y)
	case ir.Apply:
		return e.Func.ONNX != nil && !slices.ContainsFunc(e.Args, func(a ir.Expr) bool { return !onnxHas(a) })
	case ir.Arg, ir.Named, ir.Num:
		return true
	}
	return false
}

// onnxOf is the rule of an expression.
func onnxOf(e ir.Expr, attrs ir.Attrs) onnxRule {
	return func(o ir.ONNX, x ...string) string {
		return onnxScalar(o, e, func(leaf ir.Expr) string {
			switch leaf := leaf.(type) {
			case ir.Arg:
				return x[leaf]
			case ir.Named:
				return o.Floats(nil, attrs.Number(string(leaf)))
			}
			return o.Floats(nil, float64(leaf.(ir.Num)))
		})
	}
}

// onnxScalar adds the operators of an expression and returns what its value is called.
func onnxScalar(o ir.ONNX, e ir.Expr, leaf func(ir.Expr) string) string {
	switch e := e.(type) {
	case ir.Binary:
		operator := map[byte]string{'+': "Add", '-': "Sub", '*': "Mul", '/': "Div"}[e.Op]
		return onnxAll(14, operator)(o, onnxScalar(o, e.X, leaf), onnxScalar(o, e.Y, leaf))
	case ir.Apply:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = onnxScalar(o, a, leaf)
		}
		return e.Func.ONNX(o, args...)
	}
	return leaf(e)
}

// onnxAll is the rule of what one operator is, with these attributes.
func onnxAll(since int, operator string, attrs ...ir.ONNXAttr) onnxRule {
	return func(o ir.ONNX, x ...string) string { return o.Add(since, operator, 1, x, attrs...)[0] }
}
