package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// leastLength is what a vector counts as long as at least, where a cosine is divided by it.
const leastLength = 1e-8

var (
	_ = register(CosineLoss, in(row(1), row(1)), in(row(5), row(5)), in(row(4, 9), row(4, 9)))
	_ = register(WeightedCosineLoss, in(row(5), row(5), row()).positive(2), in(row(4, 9), row(4, 9), row()).positive(2), in(row(4, 9), row(4, 9), row()).is(2, 0))
)

// CosineLoss is the mean over all positions of all rows of 1 − x·t/(max(‖x‖, 1e-8)·max(‖t‖, 1e-8)), x and t being vectors
// along the last axis: of one shape, a scalar results. The number of positions is its second result.
func CosineLoss() *ir.Op { return cosineLoss(false) }

// WeightedCosineLoss is Σ w·e / Σw, where e is what CosineLoss is the mean of and w [n] is the weight of the position's row.
// Σw is its second result; where that is 0, so is the loss.
func WeightedCosineLoss() *ir.Op { return cosineLoss(true) }

func cosineLoss(weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:     w.name + "cosine_loss",
		Doc:      w.doc("loss = mean of 1 − x·t/(‖x‖·‖t‖)"),
		Formula:  "{y} = mean of 1 − {0}·{1} / (‖{0}‖·‖{1}‖)" + w.formula("{2}"),
		Results:  []string{"counted"},
		Saved:    1,
		Constant: append([]int{1}, w.constant(2)...),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if err := vectors(in[0], in[1], in[2:]); err != nil {
				return nil, err
			}
			return []ir.Type{{}, {}}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			grads := make([]*ir.Value, len(n.In))
			grads[0] = b.Node("∂"+n.In[0].Name, cosineLossGrad(weighted), append([]*ir.Value{dys[0]}, n.In...)...)[0]
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			sum, counted := 0.0, 0.0
			for r := range rows {
				dot, long, longT := lengths(xs[0].Data[r*size:][:size], xs[1].Data[r*size:][:size])
				weight := w.of(xs, 2, r, rows)
				sum += weight * (1 - dot/(max(long, leastLength)*max(longT, leastLength)))
				counted += weight
			}
			ys[0].Data[0], ys[1].Data[0] = ratio(sum, counted), counted
		},
		Emit:  func(n *ir.Node) ir.Call { return w.along("CosineLoss", n.In[0].Type) },
		Torch: torchCosine(weighted),
		FLOPs: flopsOf(0, 6),
	}
}

var (
	_ = register(func() *ir.Op { return cosineLossGrad(false) }, in(scalar, row(1), row(1)), in(scalar, row(5), row(5)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return cosineLossGrad(true) }, in(scalar, row(4, 9), row(4, 9), row()).positive(3), in(scalar, row(4, 9), row(4, 9), row()).is(3, 0))
)

// cosineLossGrad is ∂x = ∂loss·(x·cos/‖x‖² − t/(‖x‖·‖t‖)) / m at each of m positions, where cos is that of x and t; a length
// below 1e-8 counts as that, and does not change with x. With weights it is times w, and Σw stands for m.
func cosineLossGrad(weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "cosine_loss_grad",
		Doc:     w.doc("∂x = ∂loss·(x·cos/‖x‖² − t/(‖x‖·‖t‖)) / n, cos = x·t/(‖x‖·‖t‖)"),
		Formula: "{y} = {weight}({1}·cos/‖{1}‖² − {2}/(‖{1}‖·‖{2}‖)) / n" + w.formula("{3}"),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if err := vectors(in[1], in[2], in[3:]); err != nil {
				return nil, err
			}
			return in[1:2], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[1].Matrix()
			counted := 0.0
			for r := range rows {
				counted += w.of(xs, 3, r, rows)
			}
			for r := range rows {
				x, t := xs[1].Data[r*size:][:size], xs[2].Data[r*size:][:size]
				dot, long, longT := lengths(x, t)
				scale := ratio(xs[0].Data[0]*w.of(xs, 3, r, rows), counted)
				ofT := scale / (max(long, leastLength) * max(longT, leastLength))
				ofX := 0.0
				if long > leastLength {
					ofX = ofT * dot / (long * long)
				}
				for i := range x {
					ys[0].Data[r*size+i] = ofX*x[i] - ofT*t[i]
				}
			}
		},
		Emit:  func(n *ir.Node) ir.Call { return w.along("CosineLossGrad", n.In[1].Type) },
		FLOPs: flopsOf(1, 9),
		Over:  []ir.Pair{{Operand: 1}},
	}
}

// vectors checks that x and t are of one shape, of one axis at least, and that weights are numbers for each row.
func vectors(x, t ir.Type, weights []ir.Type) error {
	switch {
	case !x.Equal(t) || len(x.Shape) == 0 || x.Kind != ir.F32:
		return fmt.Errorf("%v and %v are not vectors of one size", x, t)
	case len(weights) > 0 && !weights[0].Equal(row()):
		return fmt.Errorf("weights %v are not one for each row", weights[0])
	}
	return nil
}

// lengths returns x·t, ‖x‖ and ‖t‖.
func lengths(x, t []float64) (dot, long, longT float64) {
	for i, v := range x {
		dot += v * t[i]
		long += v * v
		longT += t[i] * t[i]
	}
	return dot, math.Sqrt(long), math.Sqrt(longT)
}
