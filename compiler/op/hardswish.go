package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Hardswish, in(row(1)).from(0, Domain{Least: 0.1, Most: 6}), in(row(37)).from(0, Domain{Least: 0.1, Most: 6}), in(row(4, 9)).from(0, Domain{Least: 0.1, Most: 6}))
	_ = register(gradOf(hardswish), in(row(1), row(1)).from(0, Domain{Least: 0.1, Most: 6}), in(row(37), row(37)).from(0, Domain{Least: 0.1, Most: 6}))
)

// Hardswish is y = x·min(max(x + 3, 0), 6)/6, of any shape. Its derivative at −3 is 0, at 3 it is 1.
//
// Source: Howard et al., "Searching for MobileNetV3", ICCV 2019.
func Hardswish() *ir.Op { return hardswish.card() }

var hardswish = elementwise{
	name: "hardswish", kernel: "Hardswish", args: 1,
	torch: "F.hardswish({0})",
	doc:   "y = x·min(max(x + 3, 0), 6) / 6", formula: "{y} = {0}·min(max({0} + 3, 0), 6) / 6",
	value:   ir.Div(ir.Mul(x0, apply(funcMin, apply(funcMax, ir.Add(x0, ir.Num(3)), ir.Num(0)), ir.Num(6))), ir.Num(6)),
	onnx:    onnxAll(14, "HardSwish"),
	gradDoc: "∂x = 0 where x ≤ −3, ∂y where x ≥ 3, else ∂y·(x/3 + ½)", gradFormula: "{y} = 0 where {0} ≤ −3, {1} where {0} ≥ 3, else {1}·({0}/3 + ½)",
	// Up to −3, max(x + 3, 0) is 0; a NaN it leaves one.
	grad: apply(funcWhere, x0, ir.Num(-3),
		ir.Mul(dy, apply(funcWhere, ir.Num(3), x0, ir.Add(ir.Div(x0, ir.Num(3)), ir.Num(0.5)), ir.Num(1))),
		apply(funcMax, ir.Add(x0, ir.Num(3)), ir.Num(0))),
}
