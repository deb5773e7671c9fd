package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// apart is a domain in which it stays the same element of a window that is largest.
var apart = Domain{Least: 0.1, Most: 9, Apart: true}

var (
	_ = register(func() *ir.Op { return MaxPool(Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}) }, in(row(1, 4, 4)).from(0, apart), in(row(9, 4, 5)).from(0, apart))
	_ = register(func() *ir.Op { return MaxPool(uneven) }, in(row(2, 3, 5)).from(0, apart), in(row(17, 3, 4)).from(0, apart))
	_ = register(func() *ir.Op { return MaxPool(Window{KernelH: 4, KernelW: 3, StrideH: 4, StrideW: 3}) }, in(row(5, 4, 3)).from(0, apart))
	_ = register(func() *ir.Op { return MaxPool(along) }, in(row(6, 1)).from(0, apart), in(row(7, 9)).from(0, apart))
)

// uneven and along are windows of images and of sequences that overlap and have a border.
var (
	uneven = Window{KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1}
	along  = Window{KernelH: 3, StrideH: 2, PadH: 1}
)

// MaxPool is the largest element of each window over x: of images [n, C, H, W] y [n, C, h, w], of sequences [n, T, D] y
// [n, t, D]. The border takes no part. The place of each in its plane, the first of equals in row-major order, is its second
// result.
func MaxPool(w Window) *ir.Op {
	return &ir.Op{
		Name:    "maxpool",
		Attrs:   w.attrs(),
		Doc:     "y = the largest element of each window of x",
		Formula: "{y} = the largest of each " + w.String() + " of {0}",
		Results: []string{"places"},
		Saved:   1,
		Order:   ir.Planes,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			shape, err := w.over(in[0])
			if err != nil {
				return nil, err
			}
			return []ir.Type{ir.Row(shape...), w.places(in[0].Shape, shape)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x := n.In[0]
			return b.Node("∂"+x.Name, MaxPoolGrad(w, w.axes(x.Type.Shape)...), n.Out[1], dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			best, places := ys[0].Data, ys[1].Data
			for i := range places {
				places[i] = -1
			}
			w.each(xs[0].Type, len(best), func(i, element, place int) {
				if v := xs[0].Data[element]; places[i] < 0 || v > best[i] || v != v && best[i] == best[i] {
					best[i], places[i] = v, float64(place)
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "MaxPool2D", Rows: 1, Geometry: w.geometry(n, n.In[0].Type, n.Out[0].Type)}
		},
		Torch: func(*ir.Node) ir.Torch { return w.torch("F.max_pool") },
		FLOPs: func(n *ir.Node) int { return w.taps() * n.Out[0].Type.Shape.Size() },
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.channelsFirst(in[0], w.alongT(), func(x string) string {
				return onnx{o}.op(12, "MaxPool", w.onnx(), x)
			}), ""}
		},
	}
}

// places is the type of the places in x [C, H, W] or [T, D] of results of that shape.
func (w Window) places(x, y ir.Shape) ir.Type { return ir.Classes(ir.Shape(w.axes(x)).Size(), y...) }

var (
	_ = register(func() *ir.Op { return MaxPoolGrad(Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}, 2, 2) },
		in(ir.Classes(4, 2, 1, 1), row(2, 1, 1)))
	_ = register(func() *ir.Op {
		return MaxPoolGrad(Window{KernelH: 3, KernelW: 5, StrideH: 1, StrideW: 1, PadH: 1, PadW: 2}, 2, 3)
	}, in(ir.Classes(6, 2, 2, 3), row(2, 2, 3)), in(ir.Classes(6, 17, 2, 3), row(17, 2, 3)))
	_ = register(func() *ir.Op { return MaxPoolGrad(Window{KernelH: 3, StrideH: 1, PadH: 1}, 2) }, in(ir.Classes(2, 2, 9), row(2, 9)))
)

// MaxPoolGrad is ∂x: each ∂y goes to its place in the plane of ∂x [n, C, H, W] or [n, T, D], of which the axes that were pooled
// are given, and those of one place add up. The places and ∂y are as MaxPool makes them: a place lies in its window.
func MaxPoolGrad(w Window, axes ...int) *ir.Op {
	return &ir.Op{
		Name:    "maxpool_grad",
		Attrs:   w.gradAttrs(axes),
		Doc:     "∂x = Σ ∂y where x was the largest element of a window, else 0",
		Formula: "{y} = Σ {1} at {0}, else 0",
		Order:   ir.Planes,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, err := w.pooled(in[1], axes)
			if err != nil {
				return nil, err
			}
			if !in[0].Equal(w.places(x.Shape, in[1].Shape)) {
				return nil, fmt.Errorf("places %v do not fit x %v", in[0], x)
			}
			return []ir.Type{x}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			w.each(ys[0].Type, len(xs[1].Data), func(i, element, place int) {
				if xs[0].Data[i] == float64(place) {
					ys[0].Data[element] += xs[1].Data[i]
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "MaxPool2DGrad", Rows: 1, Geometry: w.geometry(n, n.Out[0].Type, n.In[1].Type)}
		},
		FLOPs: flops(1),
	}
}
