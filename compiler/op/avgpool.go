package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return AvgPool(Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}) }, in(row(1, 4, 4)), in(row(9, 4, 5)))
	_ = register(func() *ir.Op { return AvgPool(uneven) }, in(row(2, 3, 5)), in(row(17, 3, 4)))
	_ = register(func() *ir.Op { return AvgPool(Window{KernelH: 17, KernelW: 16, StrideH: 17, StrideW: 16}) }, in(row(3, 17, 16)))
	_ = register(func() *ir.Op { return AvgPool(along) }, in(row(6, 1)), in(row(7, 9)))
)

// AvgPool is the mean of each window over x: of images [n, C, H, W] y [n, C, h, w], of sequences [n, T, D] y [n, t, D]. The
// border counts as zeros. The elements of a window are added row by row, in blocks of 256 of the kernel's, as those of a
// product with ones.
func AvgPool(w Window) *ir.Op {
	return &ir.Op{
		Name:    "avgpool",
		Attrs:   w.attrs(),
		Doc:     "y = the mean of each window of x, the border being zeros; Σ in blocks of 256, row by row",
		Formula: "{y} = the mean of each " + w.String() + " of {0}",
		Order:   ir.Planes,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			shape, err := w.over(in[0])
			if err != nil {
				return nil, err
			}
			return []ir.Type{ir.Row(shape...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x := n.In[0]
			return b.Node("∂"+x.Name, AvgPoolGrad(w, w.axes(x.Type.Shape)...), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			w.each(xs[0].Type, len(ys[0].Data), func(i, element, _ int) {
				ys[0].Data[i] += xs[0].Data[element] / float64(w.taps())
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "AvgPool2D", Rows: 1, Geometry: w.geometry(n, n.In[0].Type, n.Out[0].Type)}
		},
		Torch: func(*ir.Node) ir.Torch { return w.torch("F.avg_pool") },
		FLOPs: func(n *ir.Node) int { return (w.taps() + 1) * n.Out[0].Type.Shape.Size() },
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.channelsFirst(in[0], w.alongT(), func(x string) string {
				return onnx{o}.op(11, "AveragePool", append(w.onnx(), with("count_include_pad", 1)...), x)
			})}
		},
	}
}

var (
	_ = register(func() *ir.Op { return AvgPoolGrad(Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}, 4, 5) }, in(row(2, 2, 2)), in(row(9, 2, 2)))
	_ = register(func() *ir.Op { return AvgPoolGrad(uneven, 3, 5) }, in(row(2, 3, 3)), in(row(17, 3, 3)))
	_ = register(func() *ir.Op { return AvgPoolGrad(along, 7) }, in(row(4, 9)))
)

// AvgPoolGrad is ∂x [n, C, H, W] or [n, T, D], of which the axes that were pooled are given: each ∂y, divided by the number of
// a window's elements, goes to all of these. Those of one element add up in the order of the windows, row by row.
func AvgPoolGrad(w Window, axes ...int) *ir.Op {
	return &ir.Op{
		Name:    "avgpool_grad",
		Attrs:   w.gradAttrs(axes),
		Doc:     "∂x = Σ ∂y of the windows that x is in, over the size of a window",
		Formula: "{y} = Σ of {0} over each " + w.String() + " / " + w.String(),
		Order:   ir.Planes,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, err := w.pooled(in[0], axes)
			if err != nil {
				return nil, err
			}
			return []ir.Type{x}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			w.each(ys[0].Type, len(xs[0].Data), func(i, element, _ int) {
				ys[0].Data[element] += xs[0].Data[i] / float64(w.taps())
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "AvgPool2DGrad", Rows: 1, Geometry: w.geometry(n, n.Out[0].Type, n.In[0].Type)}
		},
		FLOPs: func(n *ir.Node) int { return (w.taps() + 1) * n.In[0].Type.Shape.Size() },
	}
}
