package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return OneHot(20) }, in(ir.Classes(20)), in(ir.Classes(20, 8)))
	_ = register(func() *ir.Op { return OneHot(1) }, in(ir.Classes(1, 2, 3)))
)

// OneHot is y[…, k] = 1 where k = c, else 0: the integers c [n, …] in [0, classes) become y [n, …, classes]. No
// gradient flows through.
func OneHot(classes int) *ir.Op {
	return &ir.Op{
		Name:    "onehot",
		Attrs:   ir.Attrs{{Name: "classes", Value: float64(classes)}},
		Doc:     "y = 1 at c along a new last axis, else 0",
		Formula: "{y} = onehot({0})",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			c := in[0]
			if c.Kind != ir.I32 || !c.Batch || c.Limit != classes {
				return nil, fmt.Errorf("%v are no integers in [0, %d)", c, classes)
			}
			return []ir.Type{ir.Row(append(append(ir.Shape{}, c.Shape...), classes)...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			for i, c := range xs[0].Data {
				ys[0].Data[i*classes+int(c)] = 1
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "OneHot", Rows: n.In[0].Type.Shape.Size(), Consts: []ir.Constant{ir.Size(classes)}}
		},
		Torch: torchCall(fmt.Sprintf("F.one_hot({0}, %d).to(torch.get_default_dtype())", classes)),
		Next:  eachPosition,
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.op(11, "OneHot", with("axis", -1), in[0], o.Ints(nil, classes), o.Floats([]int{2}, 0, 1))}
		},
	}
}
