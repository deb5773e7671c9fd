package op

import "github.com/nnc-lang/nnc/compiler/ir"

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

// unequal are labels with everything that they may have.
var unequal = Labels{Smoothing: 0.2, Weights: []float64{0.5, 2, 1, 0, 3}, Ignored: 2}

var (
	_ = register(func() *ir.Op { return LabelledCrossEntropy(unevenly, false) }, in(row(5), ir.Classes(5)), in(row(4, 5), ir.Classes(5, 4)))
	_ = register(func() *ir.Op { return LabelledCrossEntropy(unequal, false) }, in(row(5), ir.Classes(5)), in(row(4, 5), ir.Classes(5, 4)))
	_ = register(func() *ir.Op { return LabelledCrossEntropy(Labels{Ignored: 3}, false) }, in(row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return LabelledCrossEntropy(unequal, true) },
		in(row(4, 5), ir.Classes(5, 4), row()).positive(2),
		in(row(4, 5), ir.Classes(5, 4), row()).is(2, 0))
	_ = register(func() *ir.Op { return LabelledCrossEntropy(unevenly, true) }, in(row(4, 5), ir.Classes(5, 4), row()).positive(2))
)

// CrossEntropy is the mean of −log softmax(x)[c] over all positions whose class c is not −100: x [n, …, C],
// c [n, …]. With smoothing ε it is (1−ε)·(−log softmax(x)[c]) + ε/C·Σ −log softmax(x). The number of
// positions that count is its second result, the probabilities, of x's shape, its third. Without any position the loss is 0.
//
// Source: Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR 2016, §7, in PyTorch's
// form.
func CrossEntropy(smoothing float64) *ir.Op { return LabelledCrossEntropy(AllAlike(smoothing), false) }

// WeightedCrossEntropy is Σ w·e / Σw over the positions that are not ignored, where e is what CrossEntropy is the mean of
// and w [n] is the weight of the position's row. Σw is its second result; where that is 0, so is the loss.
func WeightedCrossEntropy(smoothing float64) *ir.Op {
	return LabelledCrossEntropy(AllAlike(smoothing), true)
}

// LabelledCrossEntropy is [(1−ε)·Σ w[c]·(−log p[c]) + ε/C·Σ Σ w[k]·(−log p[k])] / Σ w[c] over the positions whose class is
// not the one that takes no part, p being softmax(x). Σ w[c] is its second result; where that is 0, so is the loss. If it
// is weighted, each position counts as often as the weight of its row, a third operand [n], says.
func LabelledCrossEntropy(l Labels, weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "cross_entropy",
		Attrs:   l.attrs(),
		Doc:     w.doc("loss = mean of −log softmax(x)[c]"),
		Formula: "{y} = mean of −log softmax({0})[{1}]" + l.text() + w.formula("{2}"),
		Results: []string{"counted", "probabilities"},
		Saved:   2,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if err := l.fits(in[0], in[1], in[2:]); err != nil {
				return nil, err
			}
			return []ir.Type{{}, {}, in[0]}, nil
		},
		Constant: w.constant(2),
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			operands := append([]*ir.Value{dys[0], n.Out[2]}, n.In[1:]...)
			grads := make([]*ir.Value, len(n.In))
			grads[0] = b.Node("∂"+n.In[0].Name, labelledCrossEntropyGrad(l, weighted), operands...)[0]
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[0].Matrix()
			sum, counted := 0.0, 0.0
			for r := range rows {
				x := xs[0].Data[r*classes:][:classes]
				logSum := softmax(ys[2].Data[r*classes:][:classes], x)
				if c := int(xs[1].Data[r]); c != l.Ignored {
					weight := w.of(xs, 2, r, rows)
					for k, v := range x {
						sum += weight * l.target(k, c, classes) * (logSum - v)
					}
					counted += weight * l.weight(c)
				}
			}
			ys[0].Data[0], ys[1].Data[0] = ratio(sum, counted), counted
		},
		Emit: func(n *ir.Node) ir.Call {
			if !l.plain() {
				return l.call("LabelledCrossEntropy", n.In[0].Type, n.In, weighted)
			}
			return w.call("CrossEntropy", n.In[0].Type, l.Smoothing)
		},
		Torch: l.torch("cross_entropy", weighted),
		FLOPs: flopsOf(0, 6),
	}
}

var (
	_ = register(func() *ir.Op { return CrossEntropyGrad(0) },
		in(ir.Type{}, row(10), ir.Classes(10)),
		in(ir.Type{}, row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return CrossEntropyGrad(0.1) }, in(ir.Type{}, row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return labelledCrossEntropyGrad(unevenly, false) }, in(ir.Type{}, row(4, 5), ir.Classes(5, 4)))
	_ = register(func() *ir.Op { return labelledCrossEntropyGrad(unequal, false) }, in(ir.Type{}, row(5), ir.Classes(5)), in(ir.Type{}, row(4, 5), ir.Classes(5, 4)))
	_ = register(func() *ir.Op { return labelledCrossEntropyGrad(Labels{Ignored: 3}, false) }, in(ir.Type{}, row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return labelledCrossEntropyGrad(unequal, true) },
		in(ir.Type{}, row(4, 5), ir.Classes(5, 4), row()).positive(3), in(ir.Type{}, row(4, 5), ir.Classes(5, 4), row()).is(3, 0))
	_ = register(func() *ir.Op { return labelledCrossEntropyGrad(AllAlike(0), true) },
		in(ir.Type{}, row(10), ir.Classes(10), row()).positive(3),
		in(ir.Type{}, row(4, 9), ir.Classes(9, 4), row()).is(3, 0))
	_ = register(func() *ir.Op { return labelledCrossEntropyGrad(AllAlike(0.1), true) }, in(ir.Type{}, row(4, 9), ir.Classes(9, 4), row()).positive(3))
)

// CrossEntropyGrad is ∂x = ∂loss·(p − (1−ε)·onehot(c) − ε/C) / m with smoothing ε, where m is the number of
// positions not ignored; it is 0 at those ignored.
func CrossEntropyGrad(smoothing float64) *ir.Op {
	return labelledCrossEntropyGrad(AllAlike(smoothing), false)
}

// labelledCrossEntropyGrad is ∂x = ∂loss·(a·p − t) / Σ w[c], where t is the share of each class in what is wanted of a position,
// (1−ε)·w[c]·onehot(c) + ε/C·w, and a the sum of these; with weights of rows each is times that of its row, and Σ of the
// weights' products stands below. It is 0 at the positions that take no part.
func labelledCrossEntropyGrad(l Labels, weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "cross_entropy_grad",
		Attrs:   l.attrs(),
		Doc:     w.doc("∂x = ∂loss·(p − onehot(c)) / n"),
		Formula: "{y} = {weight}({1} − onehot({2})" + l.text() + ") / n" + w.formula("{3}"),
		Types:   func(in []ir.Type) ([]ir.Type, error) { return in[1:2], nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[1].Matrix()
			counted := 0.0
			for r, c := range xs[2].Data {
				if int(c) != l.Ignored {
					counted += w.of(xs, 3, r, rows) * l.weight(int(c))
				}
			}
			for r := range rows {
				c := int(xs[2].Data[r])
				if c == l.Ignored {
					clear(ys[0].Data[r*classes:][:classes])
					continue
				}
				scale, all := ratio(xs[0].Data[0]*w.of(xs, 3, r, rows), counted), 0.0
				for k := range classes {
					all += l.target(k, c, classes)
				}
				for k := range classes {
					ys[0].Data[r*classes+k] = scale * (all*xs[1].Data[r*classes+k] - l.target(k, c, classes))
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			if !l.plain() {
				return l.call("LabelledCrossEntropyGrad", n.In[1].Type, n.In, weighted)
			}
			return w.call("CrossEntropyGrad", n.In[1].Type, l.Smoothing)
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
