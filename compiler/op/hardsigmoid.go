package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Hardsigmoid, in(row(1)).from(0, Domain{Least: 0.1, Most: 6}), in(row(37)).from(0, Domain{Least: 0.1, Most: 6}), in(row(4, 9)).from(0, Domain{Least: 0.1, Most: 6}))
	_ = register(gradOf(hardsigmoid), in(row(1), row(1)).from(0, Domain{Least: 0.1, Most: 6}), in(row(37), row(37)).from(0, Domain{Least: 0.1, Most: 6}))
)

// Hardsigmoid is y = min(max(x + 3, 0), 6)/6, of any shape. Its derivative at ±3 is 0.
func Hardsigmoid() *ir.Op { return hardsigmoid.card() }

var hardsigmoid = elementwise{
	name: "hardsigmoid", kernel: "Hardsigmoid", args: 1,
	torch: "F.hardsigmoid({0})",
	doc:   "y = min(max(x + 3, 0), 6) / 6", formula: "{y} = min(max({0} + 3, 0), 6) / 6",
	value:   ir.Div(apply(funcMin, apply(funcMax, ir.Add(x0, ir.Num(3)), ir.Num(0)), ir.Num(6)), ir.Num(6)),
	onnx:    onnxAll(6, "HardSigmoid", ir.ONNXAttr{Name: "alpha", Value: 1.0 / 6}),
	gradDoc: "∂x = ∂y / 6 where −3 < x < 3, else 0", gradFormula: "{y} = {1} / 6 where −3 < {0} < 3, else 0",
	// Up to −3, max(x + 3, 0) is 0; a NaN it leaves one.
	grad: apply(funcWhere, x0, ir.Num(-3), apply(funcWhere, ir.Num(3), x0, ir.Div(dy, ir.Num(6)), ir.Num(0)), apply(funcMax, ir.Add(x0, ir.Num(3)), ir.Num(0))),
}
