package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Softsign, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(softsign), in(row(1), row(1)), in(row(37), row(37)))
)

// Softsign is y = x/(1 + |x|), of any shape.
func Softsign() *ir.Op { return softsign.card() }

var softsign = elementwise{
	name: "softsign", kernel: "Softsign", args: 1,
	torch: "F.softsign({0})",
	doc:   "y = x / (1 + |x|)", formula: "{y} = {0} / (1 + |{0}|)",
	value:   ir.Div(x0, ir.Add(ir.Num(1), apply(funcAbs, x0))),
	onnx:    onnxAll(1, "Softsign"),
	gradDoc: "∂x = ∂y / (1 + |x|)²", gradFormula: "{y} = {1} / (1 + |{0}|)²",
	grad: ir.Div(ir.Div(dy, ir.Add(ir.Num(1), apply(funcAbs, x0))), ir.Add(ir.Num(1), apply(funcAbs, x0))),
}
