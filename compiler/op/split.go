package op

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Split([]int{1, 2}, 0) }, in(row(3)), in(row(3, 9)))
	_ = register(func() *ir.Op { return Split([]int{30, 7, 1}, 0) }, in(row(38)))
	_ = register(func() *ir.Op { return Split([]int{2, 4, 1}, 1) }, in(row(2, 7)), in(row(3, 7, 5)))
	_ = register(func() *ir.Op { return Split([]int{5}, 0) }, in(row(5)))
	_ = register(func() *ir.Op { return Split([]int{1, 3}, 0) }, in(row(4, 3, 5)))
)

// Split cuts a value into parts of the given lengths along an axis of its rows, which counts from 0: for axis 1,
// x [n, a, b+c, …] gives [n, a, b, …] and [n, a, c, …].
func Split(lengths []int, axis int) *ir.Op {
	attrs := ir.Attrs{{Name: "axis", Value: float64(axis)}}
	var results, names []string
	total := 0
	for i, length := range lengths {
		attrs = append(attrs, ir.Attr{Name: fmt.Sprintf("part%d", i+1), Value: float64(length)})
		names = append(names, "{y}")
		if i > 0 {
			names[i] = fmt.Sprintf("{y%d}", i)
			results = append(results, fmt.Sprintf("part%d", i+1))
		}
		total += length
	}
	return &ir.Op{
		Name:    "split",
		Attrs:   attrs,
		Doc:     "y and z are parts of x, along an axis",
		Formula: fmt.Sprintf("%s = {0} in parts along axis %d", strings.Join(names, ", "), axis),
		Results: results,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if axis >= len(x.Shape) || x.Shape[axis] != total || !x.Batch || x.Kind != ir.F32 {
				return nil, fmt.Errorf("%v has no axis %d of %d", x, axis, total)
			}
			types := make([]ir.Type, len(lengths))
			for i, length := range lengths {
				types[i] = withAxis(x, axis, length)
			}
			return types, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			var there []*ir.Value
			operand := make([]int, len(dys))
			for i, dy := range dys {
				operand[i] = none
				if dy != nil {
					operand[i] = len(there)
					there = append(there, dy)
				}
			}
			return b.Node("∂"+n.In[0].Name, SplitGrad(lengths, axis, operand), there...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			from := 0
			for _, y := range ys {
				eachStrip(xs[0], y, axis, from, func(whole, part []float64) { copy(part, whole) })
				from += strip(y.Type, axis)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Split", Rows: strips(lying(n, n.In[0].Type, axis)), Parts: parts(n, n.Out, axis)}
		},
		Torch: func(*ir.Node) ir.Torch {
			if len(lengths) == 1 {
				return ir.Torch{Call: "{0}"}
			}
			return ir.Torch{Call: fmt.Sprintf("{0}.split(%s, %d)", pyList(lengths), axis+1)}
		},
		Next:  behindPositions(axis),
		Order: ir.Planes,
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return o.Add(13, "Split", len(lengths), []string{in[0], onnx{o}.list(lengths...)}, with("axis", axis+1)...)
		},
	}
}

// none is the operand of a part that has no gradient.
const none = -1

var (
	_ = register(func() *ir.Op { return SplitGrad([]int{1, 2}, 0, []int{0, 1}) }, in(row(1), row(2)), in(row(1, 9), row(2, 9)))
	_ = register(func() *ir.Op { return SplitGrad([]int{2, 4, 1}, 1, []int{0, none, 1}) },
		in(row(2, 2), row(2, 1)), in(row(3, 2, 5), row(3, 1, 5)))
	_ = register(func() *ir.Op { return SplitGrad([]int{2, 4, 1}, 1, []int{none, 0, none}) }, in(row(3, 4, 5)))
)

// SplitGrad is ∂x of Split: the gradients of its parts side by side, where operand[i] is that of part i, and zeros
// where it is none.
func SplitGrad(lengths []int, axis int, operand []int) *ir.Op {
	attrs := ir.Attrs{{Name: "axis", Value: float64(axis)}}
	sides := make([]string, len(lengths))
	total := 0
	for i, length := range lengths {
		name := "part"
		sides[i] = fmt.Sprintf("{%d}", operand[i])
		if operand[i] == none {
			name, sides[i] = "zeros", "0"
		}
		attrs = append(attrs, ir.Attr{Name: fmt.Sprint(name, i+1), Value: float64(length)})
		total += length
	}
	beside := func(n *ir.Node) []ir.Part {
		list := make([]ir.Part, len(lengths))
		for i, length := range lengths {
			list[i].Size = strip(lying(n, withAxis(n.Out[0].Type, axis, length), axis))
			if operand[i] != none {
				list[i].Value = n.In[operand[i]]
			}
		}
		return list
	}
	return &ir.Op{
		Name:    "split_grad",
		Attrs:   attrs,
		Doc:     "∂x = ∂y and ∂z side by side, along an axis",
		Formula: fmt.Sprintf("{y} = [%s] along axis %d", strings.Join(sides, ", "), axis),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			for i, k := range operand {
				if k != none && (!alongside(in[k], in[0], axis) || in[k].Shape[axis] != lengths[i]) {
					return nil, fmt.Errorf("%v is not the gradient of part %d, of %d along axis %d", in[k], i+1, lengths[i], axis)
				}
			}
			return []ir.Type{withAxis(in[0], axis, total)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			from := 0
			for i, length := range lengths {
				if k := operand[i]; k != none {
					eachStrip(ys[0], xs[k], axis, from, func(whole, part []float64) { copy(whole, part) })
				}
				from += strip(withAxis(ys[0].Type, axis, length), axis)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Concat", Rows: strips(lying(n, n.Out[0].Type, axis)), Parts: beside(n)}
		},
		Order: ir.Planes,
		FLOPs: flops(0),
	}
}
