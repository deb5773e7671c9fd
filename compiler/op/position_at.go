package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(PositionAt,
	in(row(1, 4), whole(3, 4), step).is(2, 2),
	in(row(1, 1), whole(1, 1), step).is(2, 0))

// PositionAt is Position at one position t of a sequence: y = x + W[t], x and y [n, 1, size], W [T, size].
func PositionAt() *ir.Op {
	return &ir.Op{
		Name:    "position_at",
		Doc:     "y = x + W[t], the row of W of the position t",
		Formula: "{y} = {0} + W[position]",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, w := in[0], in[1]
			if !onePosition(x) || len(w.Shape) != 2 || !w.Equal(ir.Whole(w.Shape[0], x.Shape[1])) || !in[2].Equal(step) {
				return nil, fmt.Errorf("no row of W %v fits x %v at the position %v", w, x, in[2])
			}
			return in[:1], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			size := xs[0].Type.Shape[1]
			w := xs[1].Data[int(xs[2].Data[0])*size:][:size]
			for i, x := range xs[0].Data {
				ys[0].Data[i] = x + w[i%size]
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "PositionAt", Rows: 1, Consts: []ir.Constant{ir.Size(n.Out[0].Type.Shape.Size())}}
		},
		FLOPs: flopsOf(0, 1),
		Over:  over(1),
	}
}

// onePosition reports whether a type is one position of a sequence.
func onePosition(t ir.Type) bool {
	return t.Batch && t.Kind == ir.F32 && len(t.Shape) == 2 && t.Shape[0] == 1
}

var _ = register(func() *ir.Op { return SinusoidalAt(5) }, in(row(1, 7), step).is(1, 3), in(row(1, 1), step).is(1, 4))

// SinusoidalAt is Sinusoidal at one of so many positions of a sequence: x and y [n, 1, size].
func SinusoidalAt(positions int) *ir.Op {
	return &ir.Op{
		Name:    "sinusoidal_at",
		Attrs:   ir.Attrs{{Name: "positions", Value: float64(positions)}},
		Doc:     "y = x + P[t], P being sines and cosines of the position t",
		Formula: "{y} = {0} + the sines and cosines of t/10000^(2i/size), t = position",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if !onePosition(in[0]) || !in[1].Equal(step) {
				return nil, fmt.Errorf("x %v is no position of a sequence, at %v", in[0], in[1])
			}
			return in[:1], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			size := xs[0].Type.Shape[1]
			for i, x := range xs[0].Data {
				ys[0].Data[i] = x + sinusoid(int(xs[1].Data[0]), i%size, size)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "SinusoidalAt", Rows: 1,
				Geometry: &ir.Geometry{Type: "Sinusoids", Fields: wholes("Positions", positions, "Size", n.In[0].Type.Shape[1])}}
		},
		FLOPs: flopsOf(0, 1),
		Over:  over(1),
	}
}
