package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return Softplus(1) }, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(softplus(1)), in(row(1), row(1)), in(row(37), row(37)))
	_ = register(func() *ir.Op { return Softplus(2.5) }, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(softplus(2.5)), in(row(1), row(1)), in(row(37), row(37)))
)

// Softplus is y = log(1 + exp(beta·x))/beta, of any shape.
func Softplus(beta float64) *ir.Op { return softplus(beta).card() }

func softplus(beta float64) elementwise {
	return elementwise{
		name: "softplus", kernel: "Softplus", args: 1, attrs: ir.Attrs{{Name: "beta", Value: beta}},
		torch: "F.softplus({0}, {beta})",
		doc:   "y = log(1 + exp(beta·x)) / beta", formula: "{y} = log(1 + exp({beta}·{0})) / {beta}",
		value:   ir.Div(apply(funcSoftplus, ir.Mul(ir.Named("beta"), x0)), ir.Named("beta")),
		gradDoc: "∂x = ∂y·sigmoid(beta·x)", gradFormula: "{y} = {1}·sigmoid({beta}·{0})",
		grad: ir.Mul(dy, apply(funcSigmoid, ir.Mul(ir.Named("beta"), x0))),
	}
}
