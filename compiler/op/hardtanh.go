package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return Hardtanh(-1, 1) }, in(row(1)).from(0, wide), in(row(37)).from(0, wide), in(row(4, 9)).from(0, wide))
	_ = register(gradOf(hardtanh(-1, 1)), in(row(1), row(1)).from(0, wide), in(row(37), row(37)).from(0, wide))
	_ = register(func() *ir.Op { return Hardtanh(-0.5, 2) }, in(row(1)).from(0, wide), in(row(37)).from(0, wide), in(row(4, 9)).from(0, wide))
	_ = register(gradOf(hardtanh(-0.5, 2)), in(row(1), row(1)).from(0, wide), in(row(37), row(37)).from(0, wide))
)

// Hardtanh is y = x within [least, most], else the nearer end, of any shape. Its derivative at the ends is 0.
func Hardtanh(least, most float64) *ir.Op { return hardtanh(least, most).card() }

func hardtanh(least, most float64) elementwise {
	return elementwise{
		name: "hardtanh", kernel: "Hardtanh", args: 1, attrs: ir.Attrs{{Name: "least", Value: least}, {Name: "most", Value: most}},
		torch: "F.hardtanh({0}, {least}, {most})",
		doc:   "y = min(max(x, least), most)", formula: "{y} = {0} within [{least}, {most}]",
		value:   apply(funcMin, apply(funcMax, x0, ir.Named("least")), ir.Named("most")),
		onnx:    onnxClip(least, most),
		gradDoc: "∂x = ∂y where least < y < most, else 0", gradFormula: "{y} = {1} where {least} < {0} < {most}, else 0",
		// Where y is not above the least it is that, or NaN.
		grad: apply(funcWhere, y, ir.Named("least"), apply(funcWhere, ir.Named("most"), y, dy, ir.Num(0)), ir.Sub(y, ir.Named("least"))),
	}
}

// onnxClip is x within [least, most], else the nearer end.
func onnxClip(least, most float64) onnxRule {
	return func(o ir.ONNX, x ...string) string {
		return o.Add(13, "Clip", 1, []string{x[0], o.Floats(nil, least), o.Floats(nil, most)})[0]
	}
}
