package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return PosShares([]float64{3}, false) }, in(row(1)), in(row(4, 9)))
	_ = register(func() *ir.Op { return PosShares([]float64{3, 0.5, 0}, false) }, in(row(3)), in(row(4, 3)))
	_ = register(func() *ir.Op { return PosShares([]float64{3, 0.5, 0}, true) }, in(row(4, 3), row(4, 3)))
)

// PosShares makes of flags t what a yes and a no count: p·t and 1 − t, where p is one number, or one for each element of the
// last axis. If it is weighted, both are times the element of a second operand of the same shape.
func PosShares(weights []float64, weighted bool) *ir.Op {
	u := func(xs []ir.Tensor, i int) float64 {
		if !weighted {
			return 1
		}
		return xs[1].Data[i]
	}
	text := ""
	if weighted {
		text = ", times {1}"
	}
	return &ir.Op{
		Name:    weighing(weighted).name + "pos_shares",
		Attrs:   ir.Attrs{{Name: "pos_weight", Text: listed(weights)}},
		Doc:     "a = p·t and b = 1 − t, each times u where there is one",
		Formula: "{y} = {pos_weight}·{0}, {y1} = 1 − {0}" + text,
		Results: []string{"no"},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			t, err := same(in)
			if err != nil {
				return nil, err
			}
			return []ir.Type{t[0], t[0]}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			for i, t := range xs[0].Data {
				ys[0].Data[i], ys[1].Data[i] = weights[i%len(weights)]*t*u(xs, i), (1-t)*u(xs, i)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := ir.Call{Kernel: "PosShares", Rows: 1, Geometry: &ir.Geometry{Type: "PosWeights",
				Fields: ir.Attrs{{Name: "Size", Value: float64(n.In[0].Type.Shape.Size())}},
				Lists:  []ir.List{{Name: "Of", Numbers: weights}}}}
			if !weighted {
				call.Operands = []*ir.Value{n.In[0], nil}
			}
			return call
		},
		FLOPs: flopsOf(0, 4),
	}
}

var (
	_ = register(SharedBCELogits, in(row(1), row(1), row(1)).positive(1).positive(2), in(row(4, 9), row(4, 9), row(4, 9)).positive(1).positive(2))
	_ = register(sharedBCELogits.gradCard, in(scalar, row(1), row(1), row(1)).positive(2).positive(3), in(scalar, row(4, 9), row(4, 9), row(4, 9)).positive(2).positive(3))
)

// SharedBCELogits is the mean of −a·log σ(x) − b·log(1 − σ(x)) over all elements of all rows, of logits x and what a yes and a
// no count there. It is computed as b·max(x, 0) + a·max(−x, 0) + (a + b)·log(1 + exp(−|x|)): nothing cancels.
func SharedBCELogits() *ir.Op { return sharedBCELogits.card() }

var sharedBCELogits = func() meanLoss {
	minus := ir.Sub(ir.Num(0), x0)
	return meanLoss{
		name: "shared_bce_logits", kernel: "SharedBCELogits", operands: []string{"x", "a", "b"},
		torch:   func(bool) func(*ir.Node) ir.Torch { return torchShared },
		doc:     "loss = mean of b·max(x, 0) + a·max(−x, 0) + (a + b)·log(1 + exp(−|x|))",
		formula: "{y} = mean of −{1}·log sigmoid({0}) − {2}·log(1 − sigmoid({0}))",
		term: ir.Add(ir.Add(ir.Mul(x2, apply(funcMax, x0, ir.Num(0))), ir.Mul(x1, apply(funcMax, minus, ir.Num(0)))),
			ir.Mul(ir.Add(x1, x2), apply(funcSoftplusBelow, x0))),
		gradDoc:     "∂x = ∂loss·(b·sigmoid(x) − a·sigmoid(−x)) / (n·size)",
		gradFormula: "{y} = {weight}({3}·sigmoid({1}) − {2}·sigmoid(−{1})) / {count}",
		slope:       ir.Sub(ir.Mul(x2, apply(funcSigmoid, x0)), ir.Mul(x1, apply(funcSigmoid, minus))),
	}
}()
