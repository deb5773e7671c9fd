package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return RMSNorm(1e-2, true) },
		in(row(7), whole(7)),
		in(row(4, 19), whole(19)))
	_ = register(func() *ir.Op { return RMSNorm(1e-2, false) }, in(row(37)))
)

// RMSNorm is y = x·rstd·w along the last axis, where rstd is 1/√(mean of x² + ε): x [n, …, size], w [size] if affine,
// y [n, …, size]. The rstd, [n, …], are its second result.
//
// Source: Zhang, Sennrich, "Root mean square layer normalization", 2019.
func RMSNorm(epsilon float64, affine bool) *ir.Op {
	formula := "{y} = {0} / √(mean of {0}² + {eps})"
	if affine {
		formula += "·w"
	}
	return &ir.Op{
		Name:    "rmsnorm",
		Attrs:   ir.Attrs{{Name: "eps", Value: epsilon}},
		Doc:     "y = x / √(mean of x² + eps)·w, along the last axis",
		Formula: formula,
		Results: []string{"rstd"},
		Saved:   1,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if len(in) != 1+int(number(affine)) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			if len(x.Shape) == 0 {
				return nil, fmt.Errorf("x %v has no last axis", x)
			}
			if affine && !in[1].Equal(ir.Whole(x.Shape.Last())) {
				return nil, fmt.Errorf("w %v does not fit x %v", in[1], x)
			}
			return []ir.Type{x, withoutLast(x)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, rstd, dy := n.In[0], n.Out[1], dys[0]
			operands := []*ir.Value{x, rstd, dy}
			if affine {
				operands = append(operands, n.In[1])
			}
			grads := b.Node("∂"+x.Name, RMSNormGrad(affine), operands...)
			if affine {
				grads = append(grads, b.Node("∂"+n.In[1].Name, RMSNormGradWeight(), x, rstd, dy)...)
			}
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			for r := range rows {
				x, y := xs[0].Data[r*size:][:size], ys[0].Data[r*size:][:size]
				squares := 0.0
				for _, v := range x {
					squares += v * v / float64(size)
				}
				rstd := 1 / math.Sqrt(squares+epsilon)
				for i, v := range x {
					y[i] = v * rstd
					if affine {
						y[i] *= xs[1].Data[i]
					}
				}
				ys[1].Data[r] = rstd
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := alongLast("RMSNorm")(n)
			call.Operands = append(append([]*ir.Value{}, n.In...), nil)[:2]
			call.Consts = append(call.Consts, ir.Number(epsilon))
			return call
		},
		Torch: func(n *ir.Node) ir.Torch {
			size, eps := n.In[0].Type.Shape.Last(), pyNumber(epsilon)
			if affine {
				return ir.Torch{Module: fmt.Sprintf("nn.RMSNorm(%d, eps=%s)", size, eps), Call: "{m}({0})"}
			}
			return ir.Torch{Call: fmt.Sprintf("F.rms_norm({0}, (%d,), eps=%s)", size, eps)}
		},
		Next:  eachRow,
		FLOPs: flopsOf(0, 3+int(number(affine))),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			w := onnx{o}
			if o.Opset() >= 23 {
				scale := append(in[1:], w.vector(n.In[0].Type.Shape.Last(), 1))[0]
				return []string{w.op(23, "RMSNormalization", with("axis", -1, "epsilon", epsilon), in[0], scale), ""}
			}
			squares := w.reduced("ReduceMean", w.op(14, "Mul", nil, in[0], in[0]), true, -1)
			y := w.op(14, "Div", nil, in[0], w.op(13, "Sqrt", nil, w.op(14, "Add", nil, squares, o.Floats(nil, epsilon))))
			if affine {
				y = w.op(14, "Mul", nil, y, in[1])
			}
			return []string{y, ""}
		},
		Over: over(1),
	}
}

var (
	_ = register(func() *ir.Op { return RMSNormGrad(true) },
		in(row(7), row(), row(7), whole(7)).positive(1),
		in(row(4, 19), row(4), row(4, 19), whole(19)).positive(1))
	_ = register(func() *ir.Op { return RMSNormGrad(false) }, in(row(37), row(), row(37)).positive(1))
)

// RMSNormGrad is ∂x = rstd·(g − x̂·mean of g·x̂) along the last axis, where g = ∂y·w and x̂ = x·rstd: x [n, …, size],
// the rstd [n, …], ∂y [n, …, size], w [size] if affine.
func RMSNormGrad(affine bool) *ir.Op {
	g := "{2}"
	if affine {
		g = "{2}·w"
	}
	return &ir.Op{
		Name:    "rmsnorm_grad",
		Doc:     "∂x = rstd·(g − x̂·mean of g·x̂), where g = ∂y·w and x̂ = x·rstd",
		Formula: "{y} = rstd·(g − x̂·mean of g·x̂), g = " + g,
		Types:   func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			for r := range rows {
				x, rstd, dy, dx := xs[0].Data[r*size:][:size], xs[1].Data[r], xs[2].Data[r*size:][:size], ys[0].Data[r*size:][:size]
				g := func(i int) float64 {
					if affine {
						return dy[i] * xs[3].Data[i]
					}
					return dy[i]
				}
				mean := 0.0
				for i, v := range x {
					mean += g(i) * v * rstd / float64(size)
				}
				for i, v := range x {
					dx[i] = rstd * (g(i) - v*rstd*mean)
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := alongLast("RMSNormGrad")(n)
			w := append(append([]*ir.Value{}, n.In...), nil)[3]
			call.Operands = []*ir.Value{n.In[0], w, n.In[1], n.In[2]}
			return call
		},
		FLOPs: flopsOf(0, 7+2*int(number(affine))),
		Over:  []ir.Pair{{Operand: 0}, {Operand: 2}},
	}
}

var _ = register(RMSNormGradWeight,
	in(row(7), row(), row(7)).positive(1),
	in(row(4, 19), row(4), row(4, 19)).positive(1))

// RMSNormGradWeight is ∂w = Σ ∂y·x̂ over rows and positions, where x̂ = x·rstd: x [n, …, size], the rstd [n, …],
// ∂y [n, …, size]; ∂w [size].
func RMSNormGradWeight() *ir.Op {
	return &ir.Op{
		Name:    "rmsnorm_grad_weight",
		Doc:     "∂w = Σ ∂y·x̂ over rows, where x̂ = x·rstd",
		Formula: "{y} = Σ {2}·{0}·rstd over rows",
		Types:   func(in []ir.Type) ([]ir.Type, error) { return []ir.Type{ir.Whole(in[0].Shape.Last())}, nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			for i := range size {
				ys[0].Data[i] = 0
				for r := range rows {
					ys[0].Data[i] += xs[2].Data[r*size+i] * xs[0].Data[r*size+i] * xs[1].Data[r]
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, size := matrix(n.In[0].Type)
			return ir.Call{Kernel: "RMSNormGradWeight", Rows: 1, Consts: []ir.Constant{ir.Size(positions), ir.Size(size)}}
		},
		FLOPs: flopsOf(0, 3),
	}
}
