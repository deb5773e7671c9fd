package op

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Slice(1, 3, 0) }, in(row(4)), in(row(3, 5)), in(row(3, 4, 5)))
	_ = register(func() *ir.Op { return Slice(0, 2, 1) }, in(row(4, 7)), in(row(3, 4, 5)))
	_ = register(func() *ir.Op { return Slice(4, 5, 2) }, in(row(3, 4, 5)), in(row(2, 1, 9)))
	_ = register(func() *ir.Op { return Slice(2, 7, 0) }, in(row(7)))
)

// Slice is the positions start ≤ i < end along an axis of a value's rows, which counts from 0: for axis 1, x [n, a, b, …]
// gives [n, a, end−start, …].
func Slice(start, end, axis int) *ir.Op {
	around := func(t ir.Type) (before, behind int) { return start, t.Shape[axis] - end }
	return &ir.Op{
		Name:    "slice",
		Attrs:   ir.Attrs{{Name: "start", Value: float64(start)}, {Name: "end", Value: float64(end)}, {Name: "axis", Value: float64(axis)}},
		Doc:     "y = the positions of x from one to another along an axis",
		Formula: "{y} = {0} from {start} to before {end} along axis {axis}",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if axis >= len(x.Shape) || start < 0 || start >= end || end > x.Shape[axis] || !x.Batch || x.Kind != ir.F32 {
				return nil, fmt.Errorf("%v has no positions from %d to before %d along axis %d", x, start, end, axis)
			}
			return []ir.Type{withAxis(x, axis, end-start)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			lengths, operand := []int{end - start}, []int{0}
			before, behind := around(n.In[0].Type)
			if before > 0 {
				lengths, operand = append([]int{before}, lengths...), append([]int{none}, operand...)
			}
			if behind > 0 {
				lengths, operand = append(lengths, behind), append(operand, none)
			}
			return b.Node("∂"+n.In[0].Name, SplitGrad(lengths, axis, operand), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			from := strip(withAxis(xs[0].Type, axis, start), axis)
			eachStrip(xs[0], ys[0], axis, from, func(whole, part []float64) { copy(part, whole) })
		},
		Emit: func(n *ir.Node) ir.Call {
			x := n.In[0].Type
			left := func(length int) ir.Part { return ir.Part{Size: strip(lying(n, withAxis(x, axis, length), axis))} }
			list := parts(n, n.Out, axis)
			before, behind := around(x)
			if before > 0 {
				list = append([]ir.Part{left(before)}, list...)
			}
			if behind > 0 {
				list = append(list, left(behind))
			}
			return ir.Call{Kernel: "Split", Rows: strips(lying(n, x, axis)), Parts: list}
		},
		Torch: torchCall(fmt.Sprintf("{0}[%s%d:%d]", strings.Repeat(":, ", axis+1), start, end)),
		Next:  behindPositions(axis),
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.cut(in[0], axis+1, start, end)}
		},
		Order: ir.Planes,
	}
}
