package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Negative, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(negative), in(row(1), row(1)), in(row(37), row(37)))
)

// Negative is y = min(x, 0), of any shape. Its derivative at 0 is 1.
func Negative() *ir.Op { return negative.card() }

var negative = elementwise{
	name: "negative", kernel: "Negative", args: 1,
	torch: "{0}.clamp(max=0)",
	doc:   "y = min(x, 0)", formula: "{y} = min({0}, 0)",
	value:   apply(funcMin, x0, ir.Num(0)),
	gradDoc: "∂x = 0 where x > 0, else ∂y", gradFormula: "{y} = 0 where {0} > 0, else {1}",
	// Up to 0, max(x, 0) is 0; a NaN it leaves one.
	grad: apply(funcWhere, x0, ir.Num(0), ir.Num(0), ir.Add(dy, apply(funcMax, x0, ir.Num(0)))),
}
