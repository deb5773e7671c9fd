package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "concat",
	Kind:  Layer,
	Usage: "concat name … [axis=last]",
	Doc:   "Joins the current value and the named ones along an axis, in this order; the other axes agree.",
	Args:  []Arg{values, axis},
	Build: func(c *Call) {
		along, ok := c.Axis()
		if !ok {
			return
		}
		named, joined := c.Args["name"], c.X.Type.Shape[along]
		for i, v := range named.Named {
			switch {
			case v.Type.Kind != ir.F32:
				c.Report(c.operand(named, i))
				return
			case !joins(v.Type.Shape, c.X.Type.Shape, along):
				c.Report(c.Problem(diag.ShapesDiffer, named.Spans[i], "`%s` is %v, which cannot be joined with %v along axis %d",
					named.Texts[i], v.Type.Shape, c.X.Type.Shape, along).
					WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
					WithHelp("all axes but the one that is joined must agree"))
				return
			}
			joined += v.Type.Shape[along]
		}
		shape := slices.Clone(c.X.Type.Shape)
		shape[along] = joined
		if c.Fits(c.At, "the result", shape...) {
			c.Apply(op.Concat(1+len(named.Named), along), named.Named...)
		}
	},
})

// joins reports whether two shapes agree but for one axis.
func joins(a, b ir.Shape, along int) bool {
	return len(a) == len(b) && slices.Equal(a[:along], b[:along]) && slices.Equal(a[along+1:], b[along+1:])
}

// noAxis words the mistake of an axis that the current value, which has some, does not have.
func (c *Call) noAxis(axis int, at diag.Span) diag.Diagnostic {
	shape := c.X.Type.Shape
	return c.Problem(diag.WrongRank, at, "there is no axis %d: %v has the axes 0 to %d", axis, shape, len(shape)-1).
		WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
		WithHelp("axes count from 0, without the batch")
}

// Axis returns the axis of the current value, which must hold real numbers, that the statement's `axis` names, or the
// last one of values with one or two axes; false after a diagnostic.
func (c *Call) Axis() (along int, ok bool) {
	shape := c.X.Type.Shape
	given, stated := c.Args["axis"]
	switch {
	case !c.Floats():
		return 0, false
	case len(shape) == 0:
		c.Report(c.Problem(diag.WrongRank, c.At, "`%s` needs at least one axis, but a single number flows in here", c.Word.Name).
			WithHelp("declare the input with a shape, as `x[1]`"))
		return 0, false
	case stated && int(given.Number) >= len(shape):
		c.Report(c.noAxis(int(given.Number), given.Span))
		return 0, false
	case stated:
		return int(given.Number), true
	case len(shape) > 2:
		c.Report(c.Problem(diag.MissingArgument, c.At, "`%s` needs `axis=` for a value of %d axes", c.Word.Name, len(shape)).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("write `axis=0` for the channels of %v", shape))
		return 0, false
	}
	return len(shape) - 1, true
}
