package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return RopeAt(2, 9, 10000) }, in(row(1, 6), step).is(1, 5), in(row(1, 2), step).is(1, 0))

// RopeAt is Rope at one of so many positions of a sequence: x and y [n, 1, heads·d].
func RopeAt(size, positions int, base float64) *ir.Op {
	return &ir.Op{
		Name:    "rope_at",
		Attrs:   append(wholes("size", size, "positions", positions), ir.Attr{Name: "base", Value: base}),
		Doc:     "pairs of x turned by the position",
		Formula: "{y} = {0} turned by the position",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if !onePosition(in[0]) || in[0].Shape[1]%size != 0 || !in[1].Equal(ir.Type{Kind: ir.I64}) {
				return nil, fmt.Errorf("%v is no position of heads of %d, at %v", in[0], size, in[1])
			}
			return in[:1], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			turnHeads(ys[0].Data, xs[0].Data, size, base, func(int) float64 { return xs[1].Data[0] })
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "RopeAt", Rows: 1, Geometry: rotationOf(positions, n.In[0].Type.Shape[1], size, base)}
		},
		Over:  over(1),
		FLOPs: flopsOf(0, 3),
	}
}

// turnHeads turns the heads of x, which follow one another, by the angles of positions: position is that of the head at an index, with a sign.
func turnHeads(y, x []float64, size int, base float64, position func(at int) float64) {
	half := size / 2
	for at := 0; at < len(x); at += size {
		for i := range half {
			sin, cos := math.Sincos(position(at) * math.Pow(base, -2*float64(i)/float64(size)))
			a, b := x[at+i], x[at+i+half]
			y[at+i], y[at+i+half] = a*cos-b*sin, b*cos+a*sin
		}
	}
}

// rotationOf is the geometry of turned positions.
func rotationOf(positions, width, size int, base float64) *ir.Geometry {
	return &ir.Geometry{Type: "Rotation", Fields: append(wholes("Positions", positions, "Width", width, "Size", size), ir.Attr{Name: "Base", Value: base})}
}
