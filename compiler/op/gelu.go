package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(GELU, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(gelu), in(row(1), row(1)), in(row(37), row(37)))
)

// GELU is y = x·Φ(x), where Φ is the distribution function of the standard normal distribution, of any shape.
//
// Source: Hendrycks, Gimpel, "Gaussian error linear units (GELUs)", 2016.
func GELU() *ir.Op { return gelu.card() }

var gelu = elementwise{
	name: "gelu", kernel: "GELU", args: 1,
	torch: "F.gelu({0})",
	doc:   "y = x·Φ(x)", formula: "{y} = {0}·Φ({0})",
	value:   apply(funcGELU, x0),
	gradDoc: "∂x = ∂y·(Φ(x) + x·Φ′(x))", gradFormula: "{y} = {1}·(Φ({0}) + {0}·Φ′({0}))",
	grad: ir.Mul(dy, apply(funcGELUSlope, x0)),
}
