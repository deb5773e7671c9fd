package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// cut is a shape as what lies before an axis, the axis, and what lies behind it.
type cut struct{ outer, size, inner int }

// cutAt cuts a shape at an axis.
func cutAt(s ir.Shape, axis int) cut {
	return cut{s[:axis].Size(), s[axis], s[axis+1:].Size()}
}

// call is the call of a kernel for rows of size times inner elements.
func (a cut) call(kernel string) ir.Call {
	return ir.Call{Kernel: kernel, Rows: a.outer, Consts: []ir.Constant{ir.Size(a.size), ir.Size(a.inner)}}
}

var (
	_ = register(func() *ir.Op { return Mean(0) }, in(row(3, 4)), in(row(1, 20)), in(row(5, 2, 3)), in(row(300, 1)))
	_ = register(func() *ir.Op { return Mean(1) }, in(row(3, 4)), in(row(5, 2, 3)), in(row(2, 1)))
	_ = register(func() *ir.Op { return Mean(2) }, in(row(5, 2, 3)))
)

// Mean is the mean along an axis of a value's rows, which counts from 0 and goes away: for axis 1, x [n, a, b, …] gives
// [n, a, …]. Along the last axis it is a reduction, else a sum down columns.
func Mean(axis int) *ir.Op {
	return &ir.Op{
		Name:    "mean",
		Attrs:   ir.Attrs{{Name: "axis", Value: float64(axis)}},
		Doc:     "y = the mean of x along an axis",
		Formula: "{y} = mean of {0} along axis {axis}",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if axis >= len(x.Shape) || len(x.Shape) < 2 || !x.Batch || x.Kind != ir.F32 {
				return nil, fmt.Errorf("%v has no axis %d beside another", x, axis)
			}
			return []ir.Type{ir.Row(slices.Delete(slices.Clone(x.Shape), axis, axis+1)...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, MeanGrad(axis, n.In[0].Type.Shape[axis]), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			a := cutAt(xs[0].Type.Shape, axis)
			for i, v := range xs[0].Data {
				ys[0].Data[i/a.inner/a.size*a.inner+i%a.inner] += v / float64(a.size)
			}
		},
		Emit:  func(n *ir.Node) ir.Call { return cutAt(n.In[0].Type.Shape, axis).call("Mean") },
		Torch: torchCall(fmt.Sprintf("{0}.mean(%d)", axis+1)),
		Next:  behindPositions(axis),
		FLOPs: flopsOf(0, 1),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.reduced("ReduceMean", in[0], false, axis+1)}
		},
	}
}

var (
	_ = register(func() *ir.Op { return MeanGrad(0, 3) }, in(row(4)), in(row(2, 5)))
	_ = register(func() *ir.Op { return MeanGrad(1, 5) }, in(row(4)), in(row(2, 5)))
)

// MeanGrad is ∂x = ∂y/size at each of size positions along the axis that went away.
func MeanGrad(axis, size int) *ir.Op {
	return &ir.Op{
		Name:    "mean_grad",
		Attrs:   wholes("axis", axis, "size", size),
		Doc:     "∂x = ∂y / size, at each position along an axis",
		Formula: "{y} = {0} / {size}, {size} times along axis {axis}",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			dy := in[0]
			if axis > len(dy.Shape) || !dy.Batch || dy.Kind != ir.F32 {
				return nil, fmt.Errorf("%v has no room for axis %d", dy, axis)
			}
			return []ir.Type{ir.Row(slices.Insert(slices.Clone(dy.Shape), axis, size)...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			a := cutAt(ys[0].Type.Shape, axis)
			for i := range ys[0].Data {
				ys[0].Data[i] = xs[0].Data[i/a.inner/a.size*a.inner+i%a.inner] / float64(size)
			}
		},
		Emit:  func(n *ir.Node) ir.Call { return cutAt(n.Out[0].Type.Shape, axis).call("MeanGrad") },
		FLOPs: flops(1),
	}
}
