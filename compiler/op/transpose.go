package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Transpose(1, 0) }, in(row(2, 3)), in(row(9, 20)), in(row(1, 5)))
	_ = register(func() *ir.Op { return Transpose(0, 2, 1) }, in(row(2, 3, 5)), in(row(3, 17, 8)))
	_ = register(func() *ir.Op { return Transpose(1, 0, 2) }, in(row(2, 3, 5)), in(row(4, 3, 1)))
	_ = register(func() *ir.Op { return Transpose(1, 2, 0) }, in(row(3, 4, 5)))
	_ = register(func() *ir.Op { return Transpose(2, 1, 0) }, in(row(3, 4, 5)), in(row(9, 2, 17)))
	_ = register(func() *ir.Op { return Transpose(3, 1, 0, 2) }, in(row(2, 3, 2, 5)))
)

// Transpose brings the axes of a value's rows into another order, which counts them from 0: axis i of the result is axis
// order[i] of x, as torch.permute has it.
func Transpose(order ...int) *ir.Op {
	attrs := make(ir.Attrs, len(order))
	for i, axis := range order {
		attrs[i] = ir.Attr{Name: fmt.Sprintf("axis%d", i), Value: float64(axis)}
	}
	return &ir.Op{
		Name:    "transpose",
		Attrs:   attrs,
		Doc:     "the same elements with the axes in another order",
		Formula: fmt.Sprintf("{y} = {0} with the axes in the order %v", ir.Shape(order)),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if !x.Batch || x.Kind != ir.F32 || !isOrder(order, len(x.Shape)) {
				return nil, fmt.Errorf("%v has no axes %v", x, order)
			}
			return []ir.Type{ir.Row(permuted(x.Shape, order)...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, Transpose(inverse(order)...), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			steps := permuted(stepsOf(xs[0].Type.Shape), order)
			size := xs[0].Type.Shape.Size()
			for i := range ys[0].Data {
				from, left := i/size*size, i%size
				for axis := len(order) - 1; axis >= 0; axis-- {
					length := ys[0].Type.Shape[axis]
					from += left % length * steps[axis]
					left /= length
				}
				ys[0].Data[i] = xs[0].Data[from]
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Permute", Rows: 1, Geometry: permutation(n.In[0].Type.Shape, order)}
		},
		Next: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			if order[0] != 0 {
				return nil
			}
			return eachPosition(b, n, in)
		},
		Torch: func(*ir.Node) ir.Torch {
			axes := []int{0}
			var moved []int
			for i, axis := range order {
				if axes = append(axes, axis+1); axis != i {
					moved = append(moved, i+1)
				}
			}
			if len(moved) == 2 {
				return ir.Torch{Call: "{0}.transpose" + pyTuple(moved...)}
			}
			return ir.Torch{Call: "{0}.permute" + pyTuple(axes...)}
		},
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			perm := []int{0}
			for _, axis := range order {
				perm = append(perm, axis+1)
			}
			return []string{onnx{o}.transposed(in[0], perm...)}
		},
	}
}

// isOrder reports whether each of so many axes stands in the order once.
func isOrder(order []int, axes int) bool {
	sorted := slices.Sorted(slices.Values(order))
	for i, axis := range sorted {
		if axis != i {
			return false
		}
	}
	return len(order) == axes
}

// permuted brings what belongs to the axes into an order.
func permuted(of []int, order []int) []int {
	list := make([]int, len(order))
	for i, axis := range order {
		list[i] = of[axis]
	}
	return list
}

// inverse is the order that undoes another.
func inverse(order []int) []int {
	back := make([]int, len(order))
	for i, axis := range order {
		back[axis] = i
	}
	return back
}

// stepsOf lists how far elements lie apart along each axis.
func stepsOf(shape ir.Shape) []int {
	steps := make([]int, len(shape))
	for i := range shape {
		steps[i] = shape[i+1:].Size()
	}
	return steps
}

// permutation is the kernel's struct for an order of the axes of x. Axes that stay side by side are one, and those of one
// element none.
func permutation(x ir.Shape, order []int) *ir.Geometry {
	all := stepsOf(x)
	var sizes, steps []int
	for _, axis := range order {
		last := len(sizes) - 1
		switch {
		case x[axis] == 1:
		case last >= 0 && steps[last] == x[axis]*all[axis]:
			sizes[last] *= x[axis]
			steps[last] = all[axis]
		default:
			sizes, steps = append(sizes, x[axis]), append(steps, all[axis])
		}
	}
	return &ir.Geometry{Type: "Permutation", Lists: []ir.List{{Name: "Sizes", Of: sizes}, {Name: "Steps", Of: steps}}}
}
