package op

import "github.com/nnc-lang/nnc/compiler/ir"

var unevenly = Labels{Weights: []float64{0.5, 2, 1, 0, 3}, Ignored: Ignored}

var (
	_ = register(func() *ir.Op { return NLL(AllAlike(0), false) },
		in(row(10), ir.Classes(10)),
		in(row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return NLL(unevenly, false) }, in(row(5), ir.Classes(5)), in(row(4, 5), ir.Classes(5, 4)))
	_ = register(func() *ir.Op { return NLL(Labels{Ignored: 2}, false) }, in(row(4, 9), ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return NLL(unevenly, true) },
		in(row(5), ir.Classes(5), row()).positive(2),
		in(row(4, 5), ir.Classes(5, 4), row()).is(2, 0))
)

// NLL is −Σ w·x[c] / Σ w over all positions whose class c is not the one that takes no part, x being log-probabilities
// [n, …, C], c [n, …], and w the weight of class c. With weights of rows, a third operand [n], w is that of the row too.
// Σ w is its second result; where it is 0, so is the loss.
func NLL(l Labels, weighted bool) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:     w.name + "nll",
		Attrs:    l.attrs(),
		Doc:      w.doc("loss = mean of −x[c]"),
		Formula:  "{y} = mean of −{0}[{1}]" + l.text() + w.formula("{2}"),
		Results:  []string{"counted"},
		Saved:    1,
		Constant: w.constant(2),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if err := l.fits(in[0], in[1], in[2:]); err != nil {
				return nil, err
			}
			return []ir.Type{{}, {}}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			grads := make([]*ir.Value, len(n.In))
			grads[0] = b.Node("∂"+n.In[0].Name, nllGrad(l, weighted, n.In[0].Type), append([]*ir.Value{dys[0]}, n.In[1:]...)...)[0]
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[0].Matrix()
			sum, counted := 0.0, 0.0
			for r := range rows {
				if c := int(xs[1].Data[r]); c != l.Ignored {
					weight := w.of(xs, 2, r, rows) * l.weight(c)
					sum -= weight * xs[0].Data[r*classes+c]
					counted += weight
				}
			}
			ys[0].Data[0], ys[1].Data[0] = ratio(sum, counted), counted
		},
		Emit:  func(n *ir.Node) ir.Call { return l.call("NLL", n.In[0].Type, n.In, weighted) },
		Torch: l.torch("nll_loss", weighted),
		FLOPs: flopsOf(1, 4),
	}
}

var (
	_ = register(func() *ir.Op { return nllGrad(AllAlike(0), false, row(4, 9)) }, in(scalar, ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return nllGrad(unevenly, false, row(5)) }, in(scalar, ir.Classes(5)))
	_ = register(func() *ir.Op { return nllGrad(Labels{Ignored: 2}, false, row(4, 9)) }, in(scalar, ir.Classes(9, 4)))
	_ = register(func() *ir.Op { return nllGrad(unevenly, true, row(4, 5)) },
		in(scalar, ir.Classes(5, 4), row()).positive(2), in(scalar, ir.Classes(5, 4), row()).is(2, 0))
)

// nllGrad is ∂x = −∂loss·w / Σ w at the class of each position of x, of that type, and 0 elsewhere.
func nllGrad(l Labels, weighted bool, x ir.Type) *ir.Op {
	w := weighing(weighted)
	return &ir.Op{
		Name:    w.name + "nll_grad",
		Attrs:   append(l.attrs(), ir.Attr{Name: "x", Text: x.Shape.String()}),
		Doc:     w.doc("∂x = −∂loss·onehot(c) / n"),
		Formula: "{y} = −{weight}onehot({1}) / n" + l.text() + w.formula("{2}"),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if err := l.fits(x, in[1], in[2:]); err != nil {
				return nil, err
			}
			return []ir.Type{x}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := ys[0].Matrix()
			clear(ys[0].Data)
			counted := 0.0
			for r, c := range xs[1].Data {
				if int(c) != l.Ignored {
					counted += w.of(xs, 2, r, rows) * l.weight(int(c))
				}
			}
			for r, c := range xs[1].Data {
				if int(c) != l.Ignored {
					ys[0].Data[r*classes+int(c)] = -ratio(xs[0].Data[0]*w.of(xs, 2, r, rows)*l.weight(int(c)), counted)
				}
			}
		},
		Emit:  func(n *ir.Node) ir.Call { return l.call("NLLGrad", n.Out[0].Type, n.In, weighted) },
		FLOPs: flopsOf(1, 2),
	}
}
