package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "mean",
	Kind:  Layer,
	Usage: "mean [axis] [mask=value]",
	Doc: "The mean along an axis, which goes away: [80, 16] becomes [16]. With a mask, along axis 0, over the positions that take part; 0 if " +
		"there is none.",
	Args: []Arg{
		{Name: "axis", Kind: Integer, Positional: true, Max: MostAxes - 1, Doc: "counts from 0, without the batch"},
		mask},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		axis, shape := c.Int("axis"), c.X.Type.Shape
		switch {
		case len(shape) < 2:
			c.Report(c.Problem(diag.WrongRank, c.At, "`mean` leaves at least one axis, but %v flows in here", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("`reshape [-1, 1]` before it gives the mean of all as [1]"))
			return
		case axis >= len(shape):
			c.Report(c.noAxis(axis, c.Span("axis")))
			return
		case axis > 0 && c.Given("mask"):
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("mask"), "a mask is for a mean along axis 0, but this is along axis %d", axis).
				WithHelp("`transpose` before it, or leave the mask out"))
			return
		}
		numbers, ok := c.Mask(ir.Shape{shape[0]})
		switch {
		case !ok:
		case numbers != nil:
			c.Apply(op.MaskedMean(), numbers)
		case shape[axis] == 1:
			c.Apply(op.Reshape(slices.Delete(slices.Clone(shape), axis, axis+1)...))
		default:
			c.Apply(op.Mean(axis))
		}
	},
})
