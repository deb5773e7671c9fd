package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return Reorder(ir.RowMajor, ir.Panels) }, in(whole(5, 9)), in(whole(37, 3, 2)))
	_ = register(func() *ir.Op { return Reorder(ir.Panels, ir.RowMajor) }, in(whole(5, 9)), in(whole(37, 3, 2)))
	_ = register(func() *ir.Op { return Reorder(ir.RowMajor, ir.Filters(2)) }, in(whole(6, 3, 2, 2)), in(whole(38, 2, 3)))
	_ = register(func() *ir.Op { return Reorder(ir.Filters(1), ir.RowMajor) }, in(whole(17, 3, 3, 2)))
	_ = register(func() *ir.Op { return Reorder(ir.RowMajor, ir.ChannelsLast) }, in(row(3, 4, 5)), in(row(17, 2, 3)))
	_ = register(func() *ir.Op { return Reorder(ir.ChannelsLast, ir.RowMajor) }, in(row(3, 4, 5)), in(row(17, 2, 3)))
)

// reordering is a kernel between the order of the shape and another.
type reordering struct {
	from, to string // the kernels: out of row-major order, and back
	rows     int
	consts   func(s ir.Shape) []ir.Constant
}

// reorderings returns the kernels of a layout.
func reorderings(l ir.Layout) reordering {
	switch l {
	case ir.Panels:
		return reordering{from: "ToPanels", to: "FromPanels", consts: func(s ir.Shape) []ir.Constant {
			return []ir.Constant{ir.Size(s[0]), ir.Size(s[1:].Size())}
		}}
	case ir.ChannelsLast:
		return reordering{from: "ChannelsLast", to: "ChannelsFirst", rows: 1, consts: func(s ir.Shape) []ir.Constant {
			return []ir.Constant{ir.Size(s[0]), ir.Size(s[1:].Size())}
		}}
	}
	groups := l.Groups()
	return reordering{from: "ToFilters", to: "FromFilters", consts: func(s ir.Shape) []ir.Constant {
		return []ir.Constant{ir.Size(s[0]), ir.Size(s[1] * groups), ir.Size(s[2:].Size()), ir.Size(groups)}
	}}
}

// Reorder is the same elements in another order in memory, for a card that does not accept the one in which they lie:
// from or to the order of the shape.
func Reorder(from, to ir.Layout) *ir.Op {
	var kernel, text string
	var by reordering
	if from == ir.RowMajor {
		by = reorderings(to)
		kernel, text = by.from, to.String()[1:]
	} else {
		by = reorderings(from)
		kernel, text = by.to, "row by row"
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
			return ir.Call{Kernel: kernel, Rows: by.rows, Consts: by.consts(n.In[0].Type.Shape)}
		},
		FLOPs: flops(0),
	}
}
