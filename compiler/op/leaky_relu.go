package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return LeakyReLU(0.01) }, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(leakyReLU(0.01)), in(row(1), row(1)), in(row(37), row(37)))
	_ = register(func() *ir.Op { return LeakyReLU(-0.5) }, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(leakyReLU(-0.5)), in(row(1), row(1)), in(row(37), row(37)))
)

// LeakyReLU is y = x for x > 0, else slope·x, of any shape. Its derivative at 0 is the slope.
func LeakyReLU(slope float64) *ir.Op { return leakyReLU(slope).card() }

func leakyReLU(slope float64) elementwise {
	return elementwise{
		name: "leaky_relu", kernel: "LeakyReLU", args: 1, attrs: ir.Attrs{{Name: "slope", Value: slope}},
		torch: "F.leaky_relu({0}, {slope})",
		doc:   "y = x where x > 0, else slope·x", formula: "{y} = {0} where {0} > 0, else {slope}·{0}",
		value:   apply(funcWhere, x0, ir.Num(0), x0, ir.Mul(ir.Named("slope"), x0)),
		onnx:    onnxAll(16, "LeakyRelu", ir.ONNXAttr{Name: "alpha", Value: slope}),
		gradDoc: "∂x = ∂y where x > 0, else slope·∂y", gradFormula: "{y} = {1} where {0} > 0, else {slope}·{1}",
		// Up to 0, max(x, 0) is 0; a NaN it leaves one.
		grad: apply(funcWhere, x0, ir.Num(0), dy, ir.Add(ir.Mul(ir.Named("slope"), dy), apply(funcMax, x0, ir.Num(0)))),
	}
}
