package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return LayerNorm(1e-2, true, true) },
		in(row(7), whole(7), whole(7)),
		in(row(4, 19), whole(19), whole(19)))
	_ = register(func() *ir.Op { return LayerNorm(1e-2, true, false) }, in(row(4, 7), whole(7)))
	_ = register(func() *ir.Op { return LayerNorm(1e-2, false, false) }, in(row(37)))
)

// LayerNorm is y = (x − mean)·rstd·w + b along the last axis, where rstd is 1/√(variance + ε) by the biased variance:
// x [n, …, size], w [size] if affine, b [size] if bias, y [n, …, size]. The mean and rstd, [n, …], are its second and
// third result.
//
// Source: Ba, Kiros, Hinton, "Layer normalization", 2016.
func LayerNorm(epsilon float64, affine, bias bool) *ir.Op {
	formula := "{y} = ({0} − mean) / √(variance + {eps})"
	if affine {
		formula += "·w"
	}
	if bias {
		formula += " + b"
	}
	return &ir.Op{
		Name:    "layernorm",
		Attrs:   ir.Attrs{{Name: "eps", Value: epsilon}},
		Doc:     "y = (x − mean) / √(variance + eps)·w + b, along the last axis",
		Formula: formula,
		Results: []string{"mean", "rstd"},
		Saved:   2,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if len(in) != 1+int(number(affine)+number(bias)) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			if len(x.Shape) == 0 {
				return nil, fmt.Errorf("x %v has no last axis", x)
			}
			for _, t := range in[1:] {
				if !t.Equal(ir.Whole(x.Shape.Last())) {
					return nil, fmt.Errorf("w or b %v does not fit x %v", t, x)
				}
			}
			return []ir.Type{x, withoutLast(x), withoutLast(x)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, mean, rstd, dy := n.In[0], n.Out[1], n.Out[2], dys[0]
			operands := []*ir.Value{x, mean, rstd, dy}
			if affine {
				operands = append(operands, n.In[1])
			}
			grads := b.Node("∂"+x.Name, LayerNormGrad(affine), operands...)
			if affine {
				dw := "∂" + n.In[1].Name
				db := dw + ".∂b"
				if bias {
					db = "∂" + n.In[2].Name
				}
				grads = append(grads, b.Named([]string{dw, db}, LayerNormGradAffine(bias), x, mean, rstd, dy)...)
			}
			return grads[:len(n.In)]
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			for r := range rows {
				x, y := xs[0].Data[r*size:][:size], ys[0].Data[r*size:][:size]
				mean, variance := 0.0, 0.0
				for _, v := range x {
					mean += v / float64(size)
				}
				for _, v := range x {
					variance += (v - mean) * (v - mean) / float64(size)
				}
				rstd := 1 / math.Sqrt(variance+epsilon)
				for i, v := range x {
					y[i] = (v - mean) * rstd
					if affine {
						y[i] *= xs[1].Data[i]
					}
					if bias {
						y[i] += xs[2].Data[i]
					}
				}
				ys[1].Data[r], ys[2].Data[r] = mean, rstd
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := alongLast("LayerNorm")(n)
			call.Operands = append(append([]*ir.Value{}, n.In...), nil, nil)[:3]
			call.Consts = append(call.Consts, ir.Number(epsilon))
			return call
		},
		Torch: func(n *ir.Node) ir.Torch {
			size := fmt.Sprint(n.In[0].Type.Shape.Last())
			if affine {
				args := pyArgs{size}.option("eps", pyNumber(epsilon), "1e-05").option("bias", pyBool(bias), "True")
				return ir.Torch{Module: args.call("nn.LayerNorm"), Call: "{m}({0})"}
			}
			return ir.Torch{Call: pyArgs{"{0}", "(" + size + ",)"}.option("eps", pyNumber(epsilon), "1e-05").call("F.layer_norm")}
		},
		Next:  eachRow,
		FLOPs: flopsOf(0, 6+int(number(affine)+number(bias))),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			operands := append([]string{}, in...)
			if !affine {
				operands = append([]string{in[0], onnx{o}.vector(n.In[0].Type.Shape.Last(), 1)}, in[1:]...)
			}
			return []string{onnx{o}.op(17, "LayerNormalization", with("axis", -1, "epsilon", epsilon), operands...), "", ""}
		},
		Over: over(1),
	}
}

var (
	_ = register(func() *ir.Op { return LayerNormGrad(true) },
		in(row(7), row(), row(), row(7), whole(7)).positive(2),
		in(row(4, 19), row(4), row(4), row(4, 19), whole(19)).positive(2))
	_ = register(func() *ir.Op { return LayerNormGrad(false) }, in(row(37), row(), row(), row(37)).positive(2))
)

// LayerNormGrad is ∂x = rstd·(g − mean of g − x̂·mean of g·x̂) along the last axis, where g = ∂y·w and x̂ = (x − mean)·rstd:
// x [n, …, size], the mean and rstd [n, …], ∂y [n, …, size], w [size] if affine.
func LayerNormGrad(affine bool) *ir.Op {
	g := "{3}"
	if affine {
		g = "{3}·w"
	}
	return &ir.Op{
		Name:    "layernorm_grad",
		Doc:     "∂x = rstd·(g − mean of g − x̂·mean of g·x̂), where g = ∂y·w and x̂ = (x − mean)·rstd",
		Formula: "{y} = rstd·(g − mean of g − x̂·mean of g·x̂), g = " + g,
		Types:   func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			for r := range rows {
				mean, rstd, dx := xs[1].Data[r], xs[2].Data[r], ys[0].Data[r*size:][:size]
				normal := func(i int) float64 { return (xs[0].Data[r*size+i] - mean) * rstd }
				g := func(i int) float64 {
					if affine {
						return xs[3].Data[r*size+i] * xs[4].Data[i]
					}
					return xs[3].Data[r*size+i]
				}
				mean0, mean1 := 0.0, 0.0
				for i := range size {
					mean0 += g(i) / float64(size)
					mean1 += g(i) * normal(i) / float64(size)
				}
				for i := range size {
					dx[i] = rstd * (g(i) - mean0 - normal(i)*mean1)
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := alongLast("LayerNormGrad")(n)
			w := append(append([]*ir.Value{}, n.In...), nil)[4]
			call.Operands = []*ir.Value{n.In[0], w, n.In[1], n.In[2], n.In[3]}
			return call
		},
		FLOPs: flopsOf(0, 10+2*int(number(affine))),
		Over:  []ir.Pair{{Operand: 0}, {Operand: 3}},
	}
}

var _ = register(func() *ir.Op { return LayerNormGradAffine(true) },
	in(row(7), row(), row(), row(7)).positive(2),
	in(row(4, 19), row(4), row(4), row(4, 19)).positive(2))

// LayerNormGradAffine is ∂w = Σ ∂y·x̂ and ∂b = Σ ∂y over rows and positions, where x̂ = (x − mean)·rstd: x [n, …, size],
// the mean and rstd [n, …], ∂y [n, …, size]; ∂w and ∂b [size]. Without a bias nothing reads ∂b.
func LayerNormGradAffine(bias bool) *ir.Op {
	formula := "{y} = Σ {3}·({0} − mean)·rstd over rows"
	if bias {
		formula += ", {y1} = Σ {3} over rows"
	}
	return &ir.Op{
		Name:    "layernorm_grad_affine",
		Doc:     "∂w = Σ ∂y·x̂ and ∂b = Σ ∂y over rows, where x̂ = (x − mean)·rstd",
		Formula: formula,
		Results: []string{"∂b"},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			t := ir.Whole(in[0].Shape.Last())
			return []ir.Type{t, t}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, size := xs[0].Matrix()
			for i := range size {
				ys[0].Data[i], ys[1].Data[i] = 0, 0
				for r := range rows {
					dy := xs[3].Data[r*size+i]
					ys[0].Data[i] += dy * (xs[0].Data[r*size+i] - xs[1].Data[r]) * xs[2].Data[r]
					ys[1].Data[i] += dy
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, size := matrix(n.In[0].Type)
			return ir.Call{Kernel: "LayerNormGradAffine", Rows: 1, Consts: []ir.Constant{ir.Size(positions), ir.Size(size)}}
		},
		FLOPs: flopsOf(0, 5),
	}
}

// withoutLast returns the type without its last axis.
func withoutLast(t ir.Type) ir.Type {
	t.Shape = t.Shape[:len(t.Shape)-1]
	return t
}
