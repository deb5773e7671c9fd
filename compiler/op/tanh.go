package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Tanh, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(tanh), in(row(1), row(1)), in(row(37), row(37)))
)

// Tanh is y = tanh(x), of any shape.
func Tanh() *ir.Op { return tanh.card() }

var tanh = elementwise{
	name: "tanh", kernel: "Tanh", args: 1,
	torch: "torch.tanh({0})",
	doc:   "y = tanh(x)", formula: "{y} = tanh({0})",
	value:   apply(funcTanh, x0),
	gradDoc: "∂x = ∂y·(1 − y²)", gradFormula: "{y} = {1}·(1 − {0}²)",
	grad: ir.Mul(dy, ir.Sub(ir.Num(1), ir.Mul(y, y))),
}
