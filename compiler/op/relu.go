package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(ReLU, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(relu), in(row(1), row(1)), in(row(37), row(37)))
)

// ReLU is y = max(x, 0), of any shape. Its derivative at 0 is 0.
func ReLU() *ir.Op { return relu.card() }

var relu = elementwise{
	name: "relu", kernel: "ReLU", args: 1,
	torch: "F.relu({0})",
	doc:   "y = max(x, 0)", formula: "{y} = max({0}, 0)",
	value:   apply(funcMax, x0, ir.Num(0)),
	onnx:    onnxAll(14, "Relu"),
	gradDoc: "∂x = ∂y where y > 0, else 0", gradFormula: "{y} = {1} where {0} > 0, else 0",
	grad: apply(funcWhere, y, ir.Num(0), dy, y), // where y is not above 0 it is 0, or NaN
}
