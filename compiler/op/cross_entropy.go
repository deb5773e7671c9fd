package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// ignored is the class that takes no part in the loss, as in PyTorch.
const ignored = -100

var (
	_ = register(func() *ir.Op { return CrossEntropy(0) },
		in(row(10), ir.Classes(10)),
		in(row(37), ir.Classes(37)),
		in(row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return CrossEntropy(0.1) },
		in(row(10), ir.Classes(10)),
		in(row(4, 37), ir.Classes(37, 4)))
	_ = register(func() *ir.Op { return WeightedCrossEntropy(0) },
		in(row(10), ir.Classes(10), row()).positive(2),
		in(row(4, 9), ir.Classes(9, 4), row()).positive(2))
	_ = register(func() *ir.Op { return WeightedCrossEntropy(0.1) },
		in(row(4, 9), ir.Classes(9, 4), row()).positive(2),
		in(row(4, 9), ir.Classes(9, 4), row()).is(2, 0))
)

// CrossEntropy is the mean of −log softmax(x)[c] over all positions whose class c is not −100: x [n, …, C],
// c [n, …]. With smoothing ε it is (1−ε)·(−log softmax(x)[c]) + ε/C·Σ −log softmax(x). The number of
// positions that count is its second result, the probabilities, of x's shape, its third. Without any position the loss is 0.
//
// Source: Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR 2016, §7, in PyTorch's
// form.
func CrossEntropy(smoothing float64) *ir.Op { return crossEntropy(smoothing, false) }

// WeightedCrossEntropy is Σ w·e / Σw over the positions that are not ignored, where e is what CrossEntropy is the mean of
// and w [n] is the weight of the position's row. Σw is its second result; where that is 0, so is the loss.
func WeightedCrossEntropy(smoothing float64) *ir.Op { return crossEntropy(smoothing, true) }

func crossEntropy(smoothing float64, weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "cross_entropy",
		Attrs:   smoothed(smoothing),
		Doc:     w.doc("loss = mean of −log softmax(x)[c]"),
		Formula: "{y} = mean of −log softmax({0})[{1}]" + smoothedText(smoothing) + w.formula("{2}"),
		Results: []string{"counted", "probabilities"},
		Saved:   2,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, c := in[0], in[1]
			if len(x.Shape) == 0 || c.Kind != ir.I32 || c.Limit > x.Shape.Last() || !slices.Equal(c.Shape, x.Shape[:len(x.Shape)-1]) {
				return nil, fmt.Errorf("classes %v do not fit %v", c, x)
			}
			if weighted && !in[2].Equal(row()) {
				return nil, fmt.Errorf("weights %v are not one for each row", in[2])
			}
			return []ir.Type{{}, {}, x}, nil
		},
		Constant: w.constant(2),
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			operands := append([]*ir.Value{dys[0], n.Out[2]}, n.In[1:]...)
			grads := make([]*ir.Value, len(n.In))
			grads[0] = b.Node("∂"+n.In[0].Name, crossEntropyGrad(smoothing, weighted), operands...)[0]
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[0].Matrix()
			sum, counted := 0.0, 0.0
			for r := range rows {
				x := xs[0].Data[r*classes:][:classes]
				logSum := softmax(ys[2].Data[r*classes:][:classes], x)
				if c := int(xs[1].Data[r]); c != ignored {
					weight := w.of(xs, 2, r, rows)
					sum += weight * (1 - smoothing) * (logSum - x[c])
					for _, v := range x {
						sum += weight * smoothing / float64(classes) * (logSum - v)
					}
					counted += weight
				}
			}
			ys[0].Data[0], ys[1].Data[0] = ratio(sum, counted), counted
		},
		Emit: func(n *ir.Node) ir.Call {
			return w.call("CrossEntropy", n.In[0].Type, smoothing)
		},
		FLOPs: flopsOf(0, 6),
	}
}

// smoothed lists the attribute of a smoothing, which is 0 where it is left out.
func smoothed(smoothing float64) ir.Attrs {
	if smoothing == 0 {
		return nil
	}
	return ir.Attrs{{Name: "smoothing", Value: smoothing}}
}

// smoothedText says it in a formula.
func smoothedText(smoothing float64) string {
	if smoothing == 0 {
		return ""
	}
	return ", smoothed by {smoothing}"
}

var (
	_ = register(func() *ir.Op { return CrossEntropyGrad(0) },
		in(ir.Type{}, row(10), ir.Classes(10)),
		in(ir.Type{}, row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return CrossEntropyGrad(0.1) }, in(ir.Type{}, row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return crossEntropyGrad(0, true) },
		in(ir.Type{}, row(10), ir.Classes(10), row()).positive(3),
		in(ir.Type{}, row(4, 9), ir.Classes(9, 4), row()).is(3, 0))
	_ = register(func() *ir.Op { return crossEntropyGrad(0.1, true) }, in(ir.Type{}, row(4, 9), ir.Classes(9, 4), row()).positive(3))
)

// CrossEntropyGrad is ∂x = ∂loss·(p − (1−ε)·onehot(c) − ε/C) / m with smoothing ε, where m is the number of
// positions not ignored; it is 0 at those ignored.
func CrossEntropyGrad(smoothing float64) *ir.Op { return crossEntropyGrad(smoothing, false) }

// crossEntropyGrad is that, or with weights ∂x = ∂loss·w·(p − (1−ε)·onehot(c) − ε/C) / Σw, summed over the positions
// that are not ignored.
func crossEntropyGrad(smoothing float64, weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "cross_entropy_grad",
		Attrs:   smoothed(smoothing),
		Doc:     w.doc("∂x = ∂loss·(p − onehot(c)) / n"),
		Formula: "{y} = {weight}({1} − onehot({2})" + smoothedText(smoothing) + ") / n" + w.formula("{3}"),
		Types:   func(in []ir.Type) ([]ir.Type, error) { return in[1:2], nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[1].Matrix()
			counted := 0.0
			for r, c := range xs[2].Data {
				if int(c) != ignored {
					counted += w.of(xs, 3, r, rows)
				}
			}
			for r := range rows {
				scale := ratio(xs[0].Data[0]*w.of(xs, 3, r, rows), counted)
				c := int(xs[2].Data[r])
				for k := range classes {
					switch {
					case c == ignored:
						ys[0].Data[r*classes+k] = 0
					case c == k:
						ys[0].Data[r*classes+k] = scale * (xs[1].Data[r*classes+k] - (1 - smoothing) - smoothing/float64(classes))
					default:
						ys[0].Data[r*classes+k] = scale * (xs[1].Data[r*classes+k] - smoothing/float64(classes))
					}
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return w.call("CrossEntropyGrad", n.In[1].Type, smoothing)
		},
		FLOPs: flopsOf(1, 2),
		Over:  []ir.Pair{{Operand: 1}},
	}
}

// call is the call of the kernel, or of its twin that takes weights and so must know how many positions a row has.
func (w weighed) call(kernel string, x ir.Type, smoothing float64) ir.Call {
	positions, classes := matrix(x)
	if w.on {
		return ir.Call{Kernel: "Weighted" + kernel, Rows: 1, Consts: []ir.Constant{ir.Size(positions), ir.Size(classes), ir.Number(smoothing)}}
	}
	return ir.Call{Kernel: kernel, Rows: positions, Consts: []ir.Constant{ir.Size(classes), ir.Number(smoothing)}}
}
