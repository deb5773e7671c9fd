package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(SiLU, in(row(1)), in(row(37)), in(row(4, 9)))
	_ = register(gradOf(silu), in(row(1), row(1)), in(row(37), row(37)))
)

// SiLU is y = x·sigmoid(x), of any shape.
//
// Source: Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units for neural network function approximation in reinforcement
// learning", Neural Networks 107, 2018.
func SiLU() *ir.Op { return silu.card() }

var silu = elementwise{
	name: "silu", kernel: "SiLU", args: 1,
	torch: "F.silu({0})",
	doc:   "y = x·sigmoid(x)", formula: "{y} = {0}·sigmoid({0})",
	value:   apply(funcSiLU, x0),
	gradDoc: "∂x = ∂y·p·(1 + x·(1 − p)), p = sigmoid(x)", gradFormula: "{y} = {1}·p·(1 + {0}·(1 − p)), p = sigmoid({0})",
	grad: ir.Mul(dy, apply(funcSiLUSlope, x0)),
}
