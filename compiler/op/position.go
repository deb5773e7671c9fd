package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Position,
	in(row(3, 4), whole(3, 4)),
	in(row(1, 1), whole(1, 1)),
	in(row(9, 37), whole(9, 37)))

// Position is y = x + W, W [T, size] being the same for every row: x and y [n, T, size].
func Position() *ir.Op {
	return &ir.Op{
		Name:    "position",
		Doc:     "y = x + W, the same W for every row",
		Formula: "{y} = {0} + W",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, w := in[0], in[1]
			if x.Kind != ir.F32 || !x.Batch || len(x.Shape) != 2 || !w.Equal(ir.Whole(x.Shape...)) {
				return nil, fmt.Errorf("a weight %v does not fit x %v", w, x)
			}
			return in[:1], nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return []*ir.Value{dys[0], b.Node("∂"+n.In[1].Name, PositionGrad(), dys[0])[0]}
		},
		Eval: func(ys, xs []ir.Tensor) {
			for i, x := range xs[0].Data {
				ys[0].Data[i] = x + xs[1].Data[i%len(xs[1].Data)]
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Position", Rows: 1, Consts: []ir.Constant{ir.Size(n.Out[0].Type.Shape.Size())}}
		},
		Written: func(n *ir.Node) []ir.Written {
			return []ir.Written{{Elem: func(i int) ir.Expr {
				return ir.Add(ir.Elem{Of: n.In[0], Index: i}, ir.Elem{Of: n.In[1], Index: i})
			}}}
		},
		Next: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			return b.Named(n.Names(), PositionAt(), in[0], in[1], b.Scalar(ir.Position))
		},
		Torch: torchCall("{0} + {1}"),
		FLOPs: flopsOf(0, 1),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.op(14, "Add", nil, in...)}
		},
		Over: over(1),
	}
}

var _ = register(PositionGrad, in(row(3, 4)), in(row(1, 1)), in(row(9, 37)))

// PositionGrad is ∂W = Σ ∂y over rows: ∂y [n, T, size], ∂W [T, size].
func PositionGrad() *ir.Op {
	return &ir.Op{
		Name:    "position_grad",
		Doc:     "∂W = Σ ∂y over rows",
		Formula: "{y} = Σ {0} over rows",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if in[0].Kind != ir.F32 || !in[0].Batch || len(in[0].Shape) != 2 {
				return nil, fmt.Errorf("∂y %v is no sequence", in[0])
			}
			return []ir.Type{ir.Whole(in[0].Shape...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			for i, dy := range xs[0].Data {
				ys[0].Data[i%len(ys[0].Data)] += dy
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "LinearGradBias", Rows: 1, Consts: []ir.Constant{ir.Size(1), ir.Size(n.Out[0].Type.Shape.Size())}}
		},
		Written: func(n *ir.Node) []ir.Written {
			return []ir.Written{{Sum: ir.OverRows, Elem: func(i int) ir.Expr { return ir.Elem{Of: n.In[0], Index: i} }}}
		},
		FLOPs: flops(1),
	}
}

var _ = register(Sinusoidal, in(row(3, 4)), in(row(5, 1)), in(row(40, 7)))

// Sinusoidal is y = x + P, with P[t, 2i] = sin(t/10000^(2i/size)) and P[t, 2i+1] the cosine of the same: x and y [n, T, size].
//
// Source: Vaswani et al., "Attention is all you need", 2017, §3.5.
func Sinusoidal() *ir.Op {
	return &ir.Op{
		Name:    "sinusoidal",
		Doc:     "y = x + P, P being sines and cosines of the position",
		Formula: "{y} = {0} + P, the sines and cosines of t/10000^(2i/size) at position t",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if in[0].Kind != ir.F32 || !in[0].Batch || len(in[0].Shape) != 2 {
				return nil, fmt.Errorf("x %v is no sequence", in[0])
			}
			return in, nil
		},
		Grad: func(_ *ir.Builder, _ *ir.Node, dys []*ir.Value) []*ir.Value { return dys[:1] },
		Eval: func(ys, xs []ir.Tensor) {
			positions, size := xs[0].Type.Shape[0], xs[0].Type.Shape[1]
			for i, x := range xs[0].Data {
				ys[0].Data[i] = x + sinusoid(i/size%positions, i%size, size)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			x := n.In[0].Type.Shape
			return ir.Call{Kernel: "Sinusoidal", Rows: 1, Geometry: &ir.Geometry{Type: "Sinusoids", Fields: wholes("Positions", x[0], "Size", x[1])}}
		},
		Next: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			return b.Named(n.Names(), SinusoidalAt(n.In[0].Type.Shape[0]), in[0], b.Scalar(ir.Position))
		},
		Torch: torchCall("{0} + sinusoids({0})", "sinusoids"),
		FLOPs: flops(1),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			positions, size := n.In[0].Type.Shape[0], n.In[0].Type.Shape[1]
			all := make([]float64, positions*size)
			for i := range all {
				all[i] = sinusoid(i/size, i%size, size)
			}
			return []string{onnx{o}.op(14, "Add", nil, in[0], o.Floats([]int{positions, size}, all...))}
		},
		Over: over(1),
	}
}

// sinusoid is element k of size of P at position t.
func sinusoid(t, k, size int) float64 {
	angle := float64(t) / math.Pow(10000, float64(k-k%2)/float64(size))
	if k%2 == 0 {
		return math.Sin(angle)
	}
	return math.Cos(angle)
}
