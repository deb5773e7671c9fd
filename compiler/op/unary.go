package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Logarithm, in(row(1)).positive(0), in(row(37)).positive(0))
	_ = register(gradOf(logarithm), in(row(1), row(1)).positive(0), in(row(37), row(37)).positive(0))
	_ = register(Exponential, in(row(1)), in(row(37)))
	_ = register(Erf, in(row(1)), in(row(37)))
	_ = register(RSqrt, in(row(1)).positive(0), in(row(37)).positive(0))
	_ = register(Sine, in(row(1)), in(row(37)))
	_ = register(Cosine, in(row(1)), in(row(37)))
)

// Logarithm is y = log(x), of any shape.
func Logarithm() *ir.Op { return logarithm.card() }

var logarithm = elementwise{
	name: "logarithm", kernel: "Logarithm", args: 1,
	doc: "y = log(x)", formula: "{y} = log({0})", torch: "torch.log({0})",
	value:   apply(funcLog, x0),
	gradDoc: "∂x = ∂y / x", gradFormula: "{y} = {1} / {0}",
	grad: ir.Div(dy, x0),
}

// Exponential is y = exp(x), of any shape: what makes probabilities of their logarithms.
func Exponential() *ir.Op {
	return elementwise{
		name: "exponential", kernel: "Exponential", args: 1,
		doc: "y = exp(x)", formula: "{y} = exp({0})", torch: "torch.exp({0})", value: apply(funcExp, x0),
	}.card()
}

// Erf is y = erf(x), RSqrt y = 1/√x, Sine y = sin(x), Cosine y = cos(x), of any shape; sine and cosine are NaN beyond
// |x| = 12868. They have no gradients.
func Erf() *ir.Op   { return unary("erf", "Erf", "erf(x)", "erf({0})", funcErf) }
func RSqrt() *ir.Op { return unary("rsqrt", "RSqrt", "1 / √x", "1 / √{0}", funcRSqrt) }
func Sine() *ir.Op {
	return unary("sine", "Sine", "sin(x), NaN beyond |x| = 12868", "sin({0})", funcSin)
}
func Cosine() *ir.Op {
	return unary("cosine", "Cosine", "cos(x), NaN beyond |x| = 12868", "cos({0})", funcCos)
}

func unary(name, kernel, doc, formula string, f *ir.Function) *ir.Op {
	return elementwise{name: name, kernel: kernel, args: 1, doc: "y = " + doc, formula: "{y} = " + formula, value: apply(f, x0)}.card()
}
