package op

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(MSE, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))

// MSE is the mean of (x − t)² over all elements of all rows: x and t of one shape, a scalar results.
func MSE() *ir.Op {
	return &ir.Op{
		Name:    "mse",
		Doc:     "loss = mean of (x − t)²",
		Formula: "{y} = mean of ({0} − {1})²",
		Types:   lossTypes,
		Grad:    lossGrad(MSEGrad),
		Eval:    meanOf(func(x, t float64) float64 { return (x - t) * (x - t) }),
		Emit:    elementwise("MSE"),
		Written: writtenMean(func(x, t ir.Expr) ir.Expr { return ir.Mul(ir.Sub(x, t), ir.Sub(x, t)) }),
		FLOPs:   flops(3),
	}
}

var _ = register(MSEGrad, in(ir.Type{}, row(1), row(1)), in(ir.Type{}, row(4, 9), row(4, 9)))

// MSEGrad is ∂x = ∂loss·2(x − t) / (n·size), where size is the number of elements of a row.
func MSEGrad() *ir.Op {
	return &ir.Op{
		Name:    "mse_grad",
		Doc:     "∂x = ∂loss·2(x − t) / (n·size)",
		Formula: "{y} = {weight}2 ({1} − {2}) / {count}",
		Types:   lossGradTypes,
		Eval:    meanGradOf(func(x, t float64) float64 { return 2 * (x - t) }),
		Emit:    lossGradCall("MSEGrad"),
		Written: func(n *ir.Node) []ir.Written {
			size := n.In[1].Type.Shape.Size()
			return []ir.Written{{Elem: func(i int) ir.Expr {
				x, t := ir.Elem{Of: n.In[1], Index: i}, ir.Elem{Of: n.In[2], Index: i}
				scale := ir.Div(ir.Mul(ir.Num(2), ir.Elem{Of: n.In[0]}), ir.Rows{Times: size})
				return ir.Mul(ir.Sub(x, t), scale)
			}}}
		},
		FLOPs: flopsOf(1, 2),
	}
}
