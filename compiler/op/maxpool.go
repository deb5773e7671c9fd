package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// apart is a domain in which it stays the same element of a window that is largest.
var apart = Domain{Least: 0.1, Most: 9, Apart: true}

var (
	_ = register(func() *ir.Op { return MaxPool(Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}) }, in(row(1, 4, 4)).from(0, apart))
	_ = register(func() *ir.Op {
		return MaxPool(Window{KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1})
	}, in(row(2, 3, 5)).from(0, apart))
)

// MaxPool is the largest element of each window over the planes of x [n, C, H, W]: y [n, C, h, w]. The border takes no
// part. The place of each in its plane, the first of equals in row-major order, is its second result.
func MaxPool(w Window) *ir.Op {
	return &ir.Op{
		Name:    "maxpool",
		Attrs:   w.attrs(),
		Doc:     "y = the largest element of each window of x",
		Formula: "{y} = the largest of each " + w.String() + " of {0}",
		Results: []string{"places"},
		Saved:   1,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			shape, err := w.over(in[0])
			if err != nil {
				return nil, err
			}
			return []ir.Type{ir.Row(shape...), ir.Classes(in[0].Shape[1:].Size(), shape...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x := n.In[0]
			return b.Node("∂"+x.Name, MaxPoolGrad(w, x.Type.Shape[1], x.Type.Shape[2]), n.Out[1], dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			height, width := xs[0].Type.Shape[1], xs[0].Type.Shape[2]
			w.each(xs[0].Type, len(ys[0].Data), func(i, plane, top, left int) {
				best, at := math.Inf(-1), -1
				for r := max(top, 0); r < min(top+w.KernelH, height); r++ {
					for c := max(left, 0); c < min(left+w.KernelW, width); c++ {
						if v := xs[0].Data[(plane*height+r)*width+c]; at < 0 || v > best || v != v && best == best {
							best, at = v, r*width+c
						}
					}
				}
				ys[0].Data[i], ys[1].Data[i] = best, float64(at)
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "MaxPool2D", Rows: 1, Geometry: w.geometry(n.In[0].Type, n.Out[0].Type)}
		},
		FLOPs: func(n *ir.Node) int { return w.KernelH * w.KernelW * n.Out[0].Type.Shape.Size() },
	}
}

var (
	_ = register(func() *ir.Op { return MaxPoolGrad(Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}, 4, 5) },
		in(ir.Classes(20, 2, 2, 2), row(2, 2, 2)))
	_ = register(func() *ir.Op {
		return MaxPoolGrad(Window{KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1}, 3, 5)
	}, in(ir.Classes(15, 2, 3, 3), row(2, 3, 3)))
)

// MaxPoolGrad is ∂x: each ∂y goes to its place in the plane of ∂x [n, C, H, W], and those of one place add up. The places
// and ∂y are [n, C, h, w].
func MaxPoolGrad(w Window, height, width int) *ir.Op {
	return &ir.Op{
		Name:    "maxpool_grad",
		Attrs:   append(w.attrs(), ir.Attr{Name: "height", Value: float64(height)}, ir.Attr{Name: "width", Value: float64(width)}),
		Doc:     "∂x = Σ ∂y where x was the largest element of a window, else 0",
		Formula: "{y} = Σ {1} at {0}, else 0",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in[1].Shape) != 3 {
				return nil, fmt.Errorf("∂y %v has no planes", in[1])
			}
			x := ir.Row(in[1].Shape[0], height, width)
			if shape, err := w.over(x); err != nil || !in[1].Equal(ir.Row(shape...)) || !in[0].Equal(ir.Classes(height*width, shape...)) {
				return nil, fmt.Errorf("places %v and ∂y %v do not fit x %v", in[0], in[1], x)
			}
			return []ir.Type{x}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			w.each(ys[0].Type, len(xs[1].Data), func(i, plane, _, _ int) {
				ys[0].Data[plane*height*width+int(xs[0].Data[i])] += xs[1].Data[i]
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "MaxPool2DGrad", Rows: 1, Geometry: w.geometry(n.Out[0].Type, n.In[1].Type)}
		},
		FLOPs: flops(1),
	}
}
