package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Sigmoid, in(row(1)), in(row(37)), in(row(4, 9)))

// Sigmoid is y = 1 / (1 + exp(−x)), of any shape.
func Sigmoid() *ir.Op {
	return &ir.Op{
		Name:    "sigmoid",
		Doc:     "y = 1 / (1 + exp(−x))",
		Formula: "{y} = 1 / (1 + exp(−{0}))",
		Types:   same,
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, SigmoidGrad(), n.Out[0], dys[0])
		},
		Eval:    each(func(x ...float64) float64 { return logistic(x[0]) }),
		Emit:    elementwise("Sigmoid"),
		Written: apply("Sigmoid1"),
		FLOPs:   flops(3),
	}
}

var _ = register(SigmoidGrad, in(row(1), row(1)), in(row(37), row(37)))

// SigmoidGrad is ∂x = ∂y·y·(1 − y).
func SigmoidGrad() *ir.Op {
	return &ir.Op{
		Name:    "sigmoid_grad",
		Doc:     "∂x = ∂y·y·(1 − y)",
		Formula: "{y} = {1}·{0}·(1 − {0})",
		Types:   same,
		Eval:    each(func(x ...float64) float64 { return x[1] * x[0] * (1 - x[0]) }),
		Emit:    elementwise("SigmoidGrad"),
		Written: written(func(x ...ir.Expr) ir.Expr {
			return ir.Mul(ir.Mul(x[1], x[0]), ir.Sub(ir.Num(1), x[0]))
		}),
		FLOPs: flops(3),
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
