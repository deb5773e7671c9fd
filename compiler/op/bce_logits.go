package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(BCELogits, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))

// BCELogits is the binary cross-entropy of logits x and targets t in [0, 1]: the mean over all elements of
// all rows of max(x, 0) − x·t + log(1 + exp(−|x|)), which is stable for every finite x.
func BCELogits() *ir.Op {
	return &ir.Op{
		Name:    "bce_logits",
		Doc:     "loss = mean of max(x, 0) − x·t + log(1 + exp(−|x|))",
		Formula: "{y} = mean of max({0}, 0) − {0}·{1} + log(1 + exp(−|{0}|))",
		Types:   lossTypes,
		Grad:    lossGrad(BCELogitsGrad),
		Eval: meanOf(func(x, t float64) float64 {
			return max(x, 0) - x*t + math.Log1p(math.Exp(-math.Abs(x)))
		}),
		Emit: elementwise("BCELogits"),
		Written: writtenMean(func(x, t ir.Expr) ir.Expr {
			return ir.Apply{Func: "BCELogits1", Args: []ir.Expr{x, t}}
		}),
		FLOPs: flops(7),
	}
}

var _ = register(BCELogitsGrad, in(ir.Type{}, row(1), row(1)), in(ir.Type{}, row(4, 9), row(4, 9)))

// BCELogitsGrad is ∂x = ∂loss·(sigmoid(x) − t) / (n·size).
func BCELogitsGrad() *ir.Op {
	return &ir.Op{
		Name:    "bce_logits_grad",
		Doc:     "∂x = ∂loss·(sigmoid(x) − t) / (n·size)",
		Formula: "{y} = {weight}(sigmoid({1}) − {2}) / {count}",
		Types:   lossGradTypes,
		Eval:    meanGradOf(func(x, t float64) float64 { return logistic(x) - t }),
		Emit:    lossGradCall("BCELogitsGrad"),
		Written: func(n *ir.Node) []ir.Written {
			size := n.In[1].Type.Shape.Size()
			return []ir.Written{{Elem: func(i int) ir.Expr {
				x, t := ir.Elem{Of: n.In[1], Index: i}, ir.Elem{Of: n.In[2], Index: i}
				scale := ir.Div(ir.Elem{Of: n.In[0]}, ir.Rows{Times: size})
				return ir.Mul(ir.Sub(ir.Apply{Func: "Sigmoid1", Args: []ir.Expr{x}}, t), scale)
			}}}
		},
		FLOPs: flopsOf(1, 5),
	}
}
