package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "transpose",
	Kind:  Layer,
	Usage: "transpose [order]",
	Doc: "The same values with the axes in another order, as torch.permute: after `transpose [1, 2, 0]` axis i is what axis " +
		"order[i] was, so that [3, 32, 24] becomes [32, 24, 3]. Without a list the last two axes change places.",
	Args: []Arg{{Name: "order", Kind: Integers, Positional: true, Max: MostAxes - 1,
		Doc: "each axis of the value once, counted from 0 without the batch"}},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		order, ok := c.order()
		switch shape := c.X.Type.Shape; {
		case !ok:
		case stays(shape, order):
			c.Apply(op.Reshape(permuted(shape, order)...))
		default:
			c.Apply(op.Transpose(order...))
		}
	},
})

// order returns the order into which `transpose` brings the axes of the current value; false after a diagnostic.
func (c *Call) order() (order []int, ok bool) {
	shape, written := c.X.Type.Shape, c.Args["order"]
	axes := len(shape)
	if !c.Given("order") || axes == 0 {
		if axes < 2 {
			c.Report(c.Problem(diag.WrongRank, c.At, "`transpose` needs two axes to change places, but %v flows in here", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("`reshape [1, -1]` makes one row of it, and `reshape [-1, 1]` one column"))
			return nil, false
		}
		for i := range axes {
			order = append(order, i)
		}
		order[axes-2], order[axes-1] = axes-1, axes-2
		return order, true
	}
	order = c.Ints("order")
	for i, axis := range order {
		switch {
		case axis >= axes:
			c.Report(c.noAxis(axis, written.Spans[i]))
			return nil, false
		case slices.Contains(order[:i], axis):
			c.Report(c.Problem(diag.GivenTwice, written.Spans[i], "the axis %d stands in the order twice", axis).
				WithNote(written.Spans[slices.Index(order, axis)], "the first is here").
				WithHelp("each axis of %v stands in it once", shape))
			return nil, false
		}
	}
	if len(order) < axes {
		c.Report(c.Problem(diag.WrongRank, written.Span, "this is an order of %d axes, but %v has %d", len(order), shape, axes).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("each axis of %v stands in it once", shape))
		return nil, false
	}
	return order, true
}

// permuted brings a shape's axes into an order.
func permuted(shape ir.Shape, order []int) ir.Shape {
	made := make(ir.Shape, len(order))
	for i, axis := range order {
		made[i] = shape[axis]
	}
	return made
}

// stays reports whether no element moves when the axes come into an order: none of more than one element passes another.
func stays(shape ir.Shape, order []int) bool {
	last := -1
	for _, axis := range order {
		if shape[axis] == 1 {
			continue
		}
		if axis < last {
			return false
		}
		last = axis
	}
	return true
}
