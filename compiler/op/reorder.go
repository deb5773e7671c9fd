package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return Reorder(ir.RowMajor, ir.Panels) }, in(whole(5, 9)), in(whole(37, 3, 2)))
	_ = register(func() *ir.Op { return Reorder(ir.Panels, ir.RowMajor) }, in(whole(5, 9)), in(whole(37, 3, 2)))
)

// Reorder is the same elements in another order in memory, for a card that does not accept the one in which they lie:
// a weight in panels, or out of them.
func Reorder(from, to ir.Layout) *ir.Op {
	kernel, text := "FromPanels", "row by row"
	if to == ir.Panels {
		kernel, text = "ToPanels", "in panels"
	}
	return &ir.Op{
		Name:    "reorder",
		Attrs:   ir.Attrs{{Name: "order", Text: text}},
		Doc:     "the same elements in another order in memory",
		Formula: "{y} = {0} {order}",
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{0: {from}}, Results: map[int][]ir.Layout{0: {to}}},
		Types:   same,
		Eval:    func(ys, xs []ir.Tensor) { copy(ys[0].Data, xs[0].Data) },
		Emit: func(n *ir.Node) ir.Call {
			shape := n.In[0].Type.Shape
			return ir.Call{Kernel: kernel, Consts: []ir.Constant{ir.Size(shape[0]), ir.Size(shape[1:].Size())}}
		},
		FLOPs: flops(0),
	}
}
