package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return Reshape(36) }, in(row(4, 9)), in(row(36)))

// Reshape is the same elements, in the same order, in another shape per row. It costs nothing.
func Reshape(dims ...int) *ir.Op {
	shape := ir.Shape(dims)
	attrs := make(ir.Attrs, len(dims))
	for i, d := range dims {
		attrs[i] = ir.Attr{Name: fmt.Sprintf("d%d", i), Value: float64(d)}
	}
	return &ir.Op{
		Name:    "reshape",
		Attrs:   attrs,
		Doc:     "the same elements in another shape",
		Formula: "{y} = {0} as {shape}: the same memory",
		View:    true,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if in[0].Shape.Size() != shape.Size() {
				return nil, fmt.Errorf("%v cannot take the shape %v", in[0], shape)
			}
			t := in[0]
			t.Shape = shape
			return []ir.Type{t}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, Reshape(n.In[0].Type.Shape...), dys[0])
		},
		Next: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			if old := n.In[0].Type.Shape; len(old) == 0 || len(shape) == 0 || old[0] != shape[0] {
				return nil
			}
			return b.Named(n.Names(), Reshape(append([]int{1}, shape[1:]...)...), in...)
		},
		// A 0 is as many as there were: any number of rows.
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			to := append([]int{}, dims...)
			if n.Out[0].Type.Batch {
				to = append([]int{0}, dims...)
			}
			return o.Add(14, "Reshape", 1, []string{in[0], o.Ints([]int{len(to)}, to...)})
		},
		Torch: func(n *ir.Node) ir.Torch {
			if n.In[0].Type.Batch && len(shape) == 1 && len(n.In[0].Type.Shape) > 1 {
				return ir.Torch{Call: "{0}.flatten(1)"}
			}
			return ir.Torch{Call: "{0}.reshape(" + torchShape(n.Out[0].Type) + ")"}
		},
		Eval:  func(ys, xs []ir.Tensor) { copy(ys[0].Data, xs[0].Data) },
		FLOPs: flops(0),
	}
}
