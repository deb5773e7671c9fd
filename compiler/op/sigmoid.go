package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Sigmoid, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(sigmoid), in(row(1), row(1)), in(row(37), row(37)))
)

// Sigmoid is y = 1 / (1 + exp(−x)), of any shape.
func Sigmoid() *ir.Op { return sigmoid.card() }

var sigmoid = elementwise{
	name: "sigmoid", kernel: "Sigmoid", args: 1,
	torch: "torch.sigmoid({0})",
	doc:   "y = 1 / (1 + exp(−x))", formula: "{y} = 1 / (1 + exp(−{0}))",
	value:   apply(funcSigmoid, x0),
	gradDoc: "∂x = ∂y·y·(1 − y)", gradFormula: "{y} = {1}·{0}·(1 − {0})",
	grad: ir.Mul(ir.Mul(dy, y), ir.Sub(ir.Num(1), y)),
}
