package op

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(ReLU, in(row(1)), in(row(37)), in(row(4, 9)))

// ReLU is y = max(x, 0), of any shape. Its derivative at 0 is 0.
func ReLU() *ir.Op {
	return &ir.Op{
		Name:    "relu",
		Doc:     "y = max(x, 0)",
		Formula: "{y} = max({0}, 0)",
		Types:   same,
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, ReLUGrad(), n.Out[0], dys[0])
		},
		Eval:    each(func(x ...float64) float64 { return max(x[0], 0) }),
		Emit:    elementwise("ReLU"),
		Written: apply("ReLU1"),
		FLOPs:   flops(1),
	}
}

var _ = register(ReLUGrad, in(row(1), row(1)), in(row(37), row(37)))

// ReLUGrad is ∂x = ∂y where y > 0, else 0.
func ReLUGrad() *ir.Op {
	return &ir.Op{
		Name:    "relu_grad",
		Doc:     "∂x = ∂y where y > 0, else 0",
		Formula: "{y} = {1} where {0} > 0, else 0",
		Types:   same,
		Eval: each(func(x ...float64) float64 {
			if x[0] > 0 {
				return x[1]
			}
			return 0
		}),
		Emit:    elementwise("ReLUGrad"),
		Written: apply("ReLUGrad1"),
		FLOPs:   flops(1),
	}
}
