package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(ReLU6, in(row(1)).from(0, Domain{Least: 0.1, Most: 12}), in(row(37)).from(0, Domain{Least: 0.1, Most: 12}), in(row(4, 9)).from(0, Domain{Least: 0.1, Most: 12}))
	_ = register(gradOf(relu6), in(row(1), row(1)).from(0, Domain{Least: 0.1, Most: 12}), in(row(37), row(37)).from(0, Domain{Least: 0.1, Most: 12}))
)

// ReLU6 is y = min(max(x, 0), 6), of any shape. Its derivative at 0 and at 6 is 0.
func ReLU6() *ir.Op { return relu6.card() }

var relu6 = elementwise{
	name: "relu6", kernel: "ReLU6", args: 1,
	torch: "F.relu6({0})",
	doc:   "y = min(max(x, 0), 6)", formula: "{y} = min(max({0}, 0), 6)",
	value:   apply(funcMin, apply(funcMax, x0, ir.Num(0)), ir.Num(6)),
	onnx:    onnxClip(0, 6),
	gradDoc: "∂x = ∂y where 0 < y < 6, else 0", gradFormula: "{y} = {1} where 0 < {0} < 6, else 0",
	// Where y is not above 0 it is 0, or NaN.
	grad: apply(funcWhere, y, ir.Num(0), apply(funcWhere, ir.Num(6), y, dy, ir.Num(0)), y),
}
