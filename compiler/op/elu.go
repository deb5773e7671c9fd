package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return ELU(1) }, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(elu(1)), in(row(1), row(1)), in(row(37), row(37)))
	_ = register(func() *ir.Op { return ELU(0.5) }, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(elu(0.5)), in(row(1), row(1)), in(row(37), row(37)))
)

// ELU is y = x for x > 0, else alpha·(exp(x) − 1), of any shape. Its derivative at 0 is alpha.
//
// Source: Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by exponential linear units (ELUs)",
// ICLR 2016.
func ELU(alpha float64) *ir.Op { return elu(alpha).card() }

func elu(alpha float64) elementwise {
	return elementwise{
		name: "elu", kernel: "ELU", args: 1, attrs: ir.Attrs{{Name: "alpha", Value: alpha}},
		torch: "F.elu({0}, {alpha})",
		doc:   "y = x where x > 0, else alpha·(exp(x) − 1)", formula: "{y} = {0} where {0} > 0, else {alpha}·(exp({0}) − 1)",
		value:   apply(funcWhere, x0, ir.Num(0), x0, ir.Mul(ir.Named("alpha"), apply(funcELU, x0))),
		onnx:    onnxAll(6, "Elu", ir.ONNXAttr{Name: "alpha", Value: alpha}),
		gradDoc: "∂x = ∂y where x > 0, else ∂y·alpha·exp(x)", gradFormula: "{y} = {1} where {0} > 0, else {1}·{alpha}·exp({0})",
		grad: apply(funcWhere, x0, ir.Num(0), dy, ir.Mul(dy, ir.Mul(ir.Named("alpha"), apply(funcExp, x0)))),
	}
}
