package op

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Concat(2, 0) },
		in(row(1), row(2)),
		in(row(30), row(7)),
		in(row(2, 9), row(3, 9)))
	_ = register(func() *ir.Op { return Concat(3, 1) },
		in(row(2, 1), row(2, 3), row(2, 2)),
		in(row(4, 9), row(4, 5), row(4, 1)),
		in(row(3, 4, 2), row(3, 5, 2), row(3, 1, 2)))
	_ = register(func() *ir.Op { return Concat(1, 2) }, in(row(2, 3, 4)))
	_ = register(func() *ir.Op { return Concat(2, 0) }, in(row(1, 3, 4), row(3, 3, 4)))
)

// Concat joins k values along an axis of their rows, which counts from 0: for axis 1, x [n, a, b, …] and
// y [n, a, c, …] give [n, a, b+c, …].
func Concat(k, axis int) *ir.Op {
	return &ir.Op{
		Name:    "concat",
		Attrs:   ir.Attrs{{Name: "axis", Value: float64(axis)}},
		Doc:     "z = x and y side by side, along an axis",
		Formula: fmt.Sprintf("{y} = [%s] along axis %d", operands(k), axis),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != k {
				return nil, fmt.Errorf("%d operands, not %d", len(in), k)
			}
			length := 0
			for _, t := range in {
				if !alongside(t, in[0], axis) {
					return nil, fmt.Errorf("%v does not fit beside %v along axis %d", t, in[0], axis)
				}
				length += t.Shape[axis]
			}
			return []ir.Type{withAxis(in[0], axis, length)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			names, lengths := make([]string, k), make([]int, k)
			for i, x := range n.In {
				names[i], lengths[i] = "∂"+x.Name, x.Type.Shape[axis]
			}
			return b.Named(names, Split(lengths, axis), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			from := 0
			for _, x := range xs {
				eachStrip(ys[0], x, axis, from, func(whole, part []float64) { copy(whole, part) })
				from += strip(x.Type, axis)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Concat", Rows: strips(lying(n, n.Out[0].Type, axis)), Parts: parts(n, n.In, axis)}
		},
		Torch: func(n *ir.Node) ir.Torch {
			if both, is := bothDirections(n); is {
				return both
			}
			return ir.Torch{Call: fmt.Sprintf("torch.cat([%s], %d)", operands(k), axis+1)}
		},
		Next:  behindPositions(axis),
		Order: ir.Planes,
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.op(13, "Concat", with("axis", axis+1), in...)}
		},
	}
}

// operands writes {0}, {1}, … {k-1} for a formula.
func operands(k int) string {
	list := make([]string, k)
	for i := range list {
		list[i] = fmt.Sprintf("{%d}", i)
	}
	return strings.Join(list, ", ")
}

// alongside reports whether two types are rows of float32s that differ along the axis at most.
func alongside(t, u ir.Type, axis int) bool {
	return axis < len(t.Shape) && t.Batch && t.Kind == ir.F32 && len(t.Shape) == len(u.Shape) &&
		withAxis(t, axis, 1).Equal(withAxis(u, axis, 1))
}

// withAxis returns the type with an axis of another length.
func withAxis(t ir.Type, axis, length int) ir.Type {
	t.Shape = append(ir.Shape{}, t.Shape...)
	t.Shape[axis] = length
	return t
}

// An axis cuts each row into strips that lie one after the other: one for every place along the axes before it,
// holding everything behind. Of a value that is joined to others, a strip stays together.

// strips is the number of strips per row.
func strips(t ir.Type, axis int) int { return t.Shape[:axis].Size() }

// strip is the number of elements in one.
func strip(t ir.Type, axis int) int { return t.Shape[axis:].Size() }

// eachStrip goes through the strips of a part, together with their places in those of the whole, where they begin
// at element from.
func eachStrip(whole, part ir.Tensor, axis, from int, f func(whole, part []float64)) {
	length, size := strip(whole.Type, axis), strip(part.Type, axis)
	for i := range len(part.Data) / size {
		f(whole.Data[i*length+from:][:size], part.Data[i*size:][:size])
	}
}

// lying returns a type and an axis of it as they lie in memory at a node whose Order is Planes.
func lying(n *ir.Node, t ir.Type, axis int) (ir.Type, int) {
	if s := t.Shape; len(s) == 3 && n.ChannelsLast() {
		return ir.Row(s[1], s[2], s[0]), (axis + 2) % 3
	}
	return t, axis
}

// parts lists values as parts along an axis.
func parts(n *ir.Node, values []*ir.Value, axis int) []ir.Part {
	list := make([]ir.Part, len(values))
	for i, v := range values {
		list[i] = ir.Part{Value: v, Size: strip(lying(n, v.Type, axis))}
	}
	return list
}
