package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Tanh, in(row(1)), in(row(37)), in(row(4, 9)))

// Tanh is y = tanh(x), of any shape.
func Tanh() *ir.Op {
	return &ir.Op{
		Name:    "tanh",
		Doc:     "y = tanh(x)",
		Formula: "{y} = tanh({0})",
		Types:   same,
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, TanhGrad(), n.Out[0], dys[0])
		},
		Eval:    each(func(x ...float64) float64 { return math.Tanh(x[0]) }),
		Emit:    elementwise("Tanh"),
		Written: apply("Tanh1"),
		FLOPs:   flops(1),
	}
}

var _ = register(TanhGrad, in(row(1), row(1)), in(row(37), row(37)))

// TanhGrad is ∂x = ∂y·(1 − y²).
func TanhGrad() *ir.Op {
	return &ir.Op{
		Name:    "tanh_grad",
		Doc:     "∂x = ∂y·(1 − y²)",
		Formula: "{y} = {1}·(1 − {0}²)",
		Types:   same,
		Eval:    each(func(x ...float64) float64 { return x[1] * (1 - x[0]*x[0]) }),
		Emit:    elementwise("TanhGrad"),
		Written: written(func(x ...ir.Expr) ir.Expr {
			return ir.Mul(x[1], ir.Sub(ir.Num(1), ir.Mul(x[0], x[0])))
		}),
		FLOPs: flops(3),
	}
}
