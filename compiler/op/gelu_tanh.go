package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(GELUTanh, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(geluTanh), in(row(1), row(1)), in(row(37), row(37)))
)

// GELUTanh is y = ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))), which is nearly GELU, of any shape.
func GELUTanh() *ir.Op { return geluTanh.card() }

var geluTanh = elementwise{
	name: "gelu_tanh", kernel: "GELUTanh", args: 1,
	torch: `F.gelu({0}, approximate="tanh")`,
	doc:   "y = ½x·(1 + tanh(v)), v = √(2/π)·(x + 0.044715x³)", formula: "{y} = ½{0}·(1 + tanh(√(2/π)·({0} + 0.044715{0}³)))",
	value:   apply(funcGELUTanh, x0),
	gradDoc: "∂x = ∂y·½(1 + tanh(v) + x·v′·(1 − tanh²(v))), v = √(2/π)·(x + 0.044715x³)", gradFormula: "{y} = {1}·½(1 + tanh(v) + {0}·v′·(1 − tanh²(v))), v = √(2/π)·({0} + 0.044715{0}³)",
	grad: ir.Mul(dy, apply(funcGELUTanhSlope, x0)),
}
