package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(SELU, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(selu), in(row(1), row(1)), in(row(37), row(37)))
)

// SELU is y = λx for x > 0, else λα·(exp(x) − 1), of any shape. Its derivative at 0 is λα.
//
// Source: Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017.
func SELU() *ir.Op { return selu.card() }

var selu = elementwise{
	name: "selu", kernel: "SELU", args: 1,
	torch: "F.selu({0})",
	doc:   "y = λ·x where x > 0, else λα·(exp(x) − 1), λ = 1.0507, α = 1.6733", formula: "{y} = λ·{0} where {0} > 0, else λα·(exp({0}) − 1), λ = 1.0507, α = 1.6733",
	value:   apply(funcWhere, x0, ir.Num(0), ir.Mul(ir.Num(seluScale), x0), ir.Mul(ir.Num(seluScale*seluAlpha), apply(funcELU, x0))),
	onnx:    onnxAll(6, "Selu", ir.ONNXAttr{Name: "alpha", Value: seluAlpha}, ir.ONNXAttr{Name: "gamma", Value: seluScale}),
	gradDoc: "∂x = ∂y·λ where x > 0, else ∂y·λα·exp(x), λ = 1.0507, α = 1.6733", gradFormula: "{y} = {1}·λ where {0} > 0, else {1}·λα·exp({0}), λ = 1.0507, α = 1.6733",
	grad: ir.Mul(dy, apply(funcWhere, x0, ir.Num(0), ir.Num(seluScale), ir.Mul(ir.Num(seluScale*seluAlpha), apply(funcExp, x0)))),
}

// With these the mean of 0 and the variance of 1 of a layer's values are those of the next layer's, too.
const (
	seluScale = 1.0507009873554805
	seluAlpha = 1.6732632423543772
)
