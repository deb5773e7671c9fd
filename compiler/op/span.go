package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(Span, in(row(2, 5), ir.Classes(5, 2)), in(row(2, 37), ir.Classes(37, 2)), in(row(2, 1), ir.Classes(1, 2)))
	_ = register(WeightedSpan, in(row(2, 5), ir.Classes(5, 2), row()).positive(2), in(row(2, 9), ir.Classes(9, 2), row()).is(2, 0))
)

// Span is ½(the mean of −log softmax(x)[t] of starts + that of ends): x [n, 2, T] has a score for each position, of a start
// and of an end, and t [n, 2] is which are right. Each mean is over the rows whose position is not −100, 0 where there is
// none, and ∞ where the score of a right one is LeftOut. The two means, each with the number of its rows, are its next results, and the probabilities, of x's shape, the last.
func Span() *ir.Op { return span(false) }

// WeightedSpan is Span with weighted means: w [n] has a weight for each row, and in place of the numbers of rows stand their
// sums.
func WeightedSpan() *ir.Op { return span(true) }

func span(weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:     w.name + "span",
		Doc:      w.doc("loss = ½(mean of −log softmax(x)[start] + mean of −log softmax(x)[end])"),
		Formula:  "{y} = ½(mean of −log softmax({0})[start] + mean of −log softmax({0})[end]), of {1}" + w.formula("{2}"),
		Results:  []string{"start", "starts", "end", "ends", "probabilities"},
		Saved:    5,
		Constant: w.constant(2),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if len(in) != 2+int(number(weighted)) || !x.Batch || x.Kind != ir.F32 || len(x.Shape) != 2 || x.Shape[0] != 2 ||
				!in[1].Equal(ir.Classes(x.Shape[1], 2)) || weighted && !in[2].Equal(row()) {
				return nil, fmt.Errorf("%v are no scores, positions and weights of spans", in)
			}
			return []ir.Type{{}, {}, {}, {}, {}, x}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			grads := make([]*ir.Value, len(n.In))
			grads[0] = b.Node("∂"+n.In[0].Name, spanGrad(weighted), append([]*ir.Value{dys[0], n.Out[5]}, n.In[1:]...)...)[0]
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, positions := xs[0].Matrix()
			var sums [2]float64
			for r := range rows {
				x := xs[0].Data[r*positions:][:positions]
				logSum := softmax(ys[5].Data[r*positions:][:positions], x)
				t := int(xs[1].Data[r])
				switch {
				case t == Ignored:
				case x[t] == LeftOut:
					if w.of(xs, 2, r, rows) != 0 {
						sums[r%2] = math.Inf(1)
					}
				default:
					sums[r%2] += w.of(xs, 2, r, rows) * (logSum - x[t])
				}
			}
			counted := w.counted(xs[1:])
			start, end := ratio(sums[0], counted[0]), ratio(sums[1], counted[1])
			for i, v := range []float64{(start + end) / 2, start, counted[0], end, counted[1]} {
				ys[i].Data[0] = v
			}
		},
		Emit:  func(n *ir.Node) ir.Call { return w.spans("Span", n.In[0].Type) },
		Torch: torchSpan(weighted),
		FLOPs: flopsOf(0, 6),
	}
}

var (
	_ = register(func() *ir.Op { return spanGrad(false) }, in(scalar, row(2, 5), ir.Classes(5, 2)), in(scalar, row(2, 37), ir.Classes(37, 2)))
	_ = register(func() *ir.Op { return spanGrad(true) }, in(scalar, row(2, 5), ir.Classes(5, 2), row()).positive(3), in(scalar, row(2, 9), ir.Classes(9, 2), row()).is(3, 0))
)

// spanGrad is ∂x = ½·∂loss·(p − onehot(t)) / m, m being the number of rows that the mean is over, or the sum of their weights;
// 0 where t is −100.
func spanGrad(weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "span_grad",
		Doc:     w.doc("∂x = ½·∂loss·(p − onehot(t)) / n"),
		Formula: "{y} = ½·{weight}({1} − onehot({2})) / n" + w.formula("{3}"),
		Types:   func(in []ir.Type) ([]ir.Type, error) { return in[1:2], nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, positions := xs[1].Matrix()
			counted := w.counted(xs[2:])
			for r := range rows {
				dx, p := ys[0].Data[r*positions:][:positions], xs[1].Data[r*positions:][:positions]
				clear(dx)
				if t := int(xs[2].Data[r]); t != Ignored {
					scale := ratio(xs[0].Data[0]/2*w.of(xs, 3, r, rows), counted[r%2])
					for i := range dx {
						dx[i] = scale * (p[i] - number(i == t))
					}
				}
			}
		},
		Emit:  func(n *ir.Node) ir.Call { return w.spans("SpanGrad", n.In[1].Type) },
		FLOPs: flopsOf(1, 2),
		Over:  []ir.Pair{{Operand: 1}},
	}
}

// counted is the number of rows whose start, and of those whose end takes part, or the sum of their weights: of the positions
// and the weights.
func (w weighed) counted(xs []ir.Tensor) (counted [2]float64) {
	for r, t := range xs[0].Data {
		if int(t) != Ignored {
			counted[r%2] += w.of(xs, 1, r, len(xs[0].Data))
		}
	}
	return counted
}

// spans calls a kernel on scores of spans, or its twin that takes weights.
func (w weighed) spans(kernel string, x ir.Type) ir.Call {
	if w.on {
		kernel = "Weighted" + kernel
	}
	return ir.Call{Kernel: kernel, Rows: 1, Consts: []ir.Constant{ir.Size(x.Shape[1])}}
}
