package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Mish, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(mish), in(row(1), row(1)), in(row(37), row(37)))
)

// Mish is y = x·tanh(log(1 + exp(x))), of any shape.
//
// Source: Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020.
func Mish() *ir.Op { return mish.card() }

var mish = elementwise{
	name: "mish", kernel: "Mish", args: 1,
	torch: "F.mish({0})",
	doc:   "y = x·tanh(log(1 + exp(x)))", formula: "{y} = {0}·tanh(log(1 + exp({0})))",
	value:   apply(funcMish, x0),
	gradDoc: "∂x = ∂y·(w + x·sigmoid(x)·(1 − w²)), w = tanh(log(1 + exp(x)))", gradFormula: "{y} = {1}·(w + {0}·sigmoid({0})·(1 − w²)), w = tanh(log(1 + exp({0})))",
	grad: ir.Mul(dy, apply(funcMishSlope, x0)),
}
