package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(MAE, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))

// MAE is the mean of |x − t| over all elements of all rows: x and t of one shape, a scalar results.
func MAE() *ir.Op {
	return &ir.Op{
		Name:    "mae",
		Doc:     "loss = mean of |x − t|",
		Formula: "{y} = mean of |{0} − {1}|",
		Types:   lossTypes,
		Grad:    lossGrad(MAEGrad),
		Eval:    meanOf(func(x, t float64) float64 { return math.Abs(x - t) }),
		Emit:    elementwise("MAE"),
		Written: writtenMean(func(x, t ir.Expr) ir.Expr {
			return ir.Apply{Func: "Abs1", Args: []ir.Expr{ir.Sub(x, t)}}
		}),
		FLOPs: flops(3),
	}
}

var _ = register(MAEGrad, in(ir.Type{}, row(1), row(1)), in(ir.Type{}, row(4, 9), row(4, 9)))

// MAEGrad is ∂x = ∂loss·sign(x − t) / (n·size), where sign(0) = 0.
func MAEGrad() *ir.Op {
	return &ir.Op{
		Name:    "mae_grad",
		Doc:     "∂x = ∂loss·sign(x − t) / (n·size)",
		Formula: "{y} = {weight}sign({1} − {2}) / {count}",
		Types:   lossGradTypes,
		Eval:    meanGradOf(func(x, t float64) float64 { return sign(x - t) }),
		Emit:    lossGradCall("MAEGrad"),
		Written: func(n *ir.Node) []ir.Written {
			size := n.In[1].Type.Shape.Size()
			return []ir.Written{{Elem: func(i int) ir.Expr {
				x, t := ir.Elem{Of: n.In[1], Index: i}, ir.Elem{Of: n.In[2], Index: i}
				scale := ir.Div(ir.Elem{Of: n.In[0]}, ir.Rows{Times: size})
				return ir.Mul(ir.Apply{Func: "Sign1", Args: []ir.Expr{ir.Sub(x, t)}}, scale)
			}}}
		},
		FLOPs: flopsOf(1, 2),
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // 0, and NaN stays NaN
}
