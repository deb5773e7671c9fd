package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "upsample",
	Kind:  Layer,
	Usage: "upsample factor [mode=nearest|bilinear]",
	Doc: "Rows and columns of [C, H, W], or the positions of [T, D], made several: `nearest` repeats them, `bilinear` mixes neighbours, as " +
		"torch.nn.functional.interpolate with align_corners=False.",
	Args: []Arg{
		{Name: "factor", Kind: Integers, Positional: true, Required: true, Single: true, Lengths: []int{2}, Min: 1, Max: maxCount,
			Doc: "how many are made of one: of [C, H, W] a number for both axes or [h, w]"},
		{Name: "mode", Kind: Choice, Choices: []string{op.Nearest, op.Bilinear}, Doc: "how they are made"},
	},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		shape := c.X.Type.Shape
		switch axes := len(shape); {
		case axes < 2 || axes > 3:
			c.Report(c.Problem(diag.WrongRank, c.At, "`upsample` takes [C, H, W] or [T, D], but %v flows in here", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("`reshape` it before"))
			return
		case axes == 2 && len(c.Ints("factor")) == 2:
			c.Report(c.Problem(diag.WrongType, c.Span("factor"), "%v has one axis of positions, but `factor` is a list of 2", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("write one number"))
			return
		}
		factor := op.Scaling{}
		if factor.H, factor.W = c.Pair("factor"); len(shape) == 2 {
			factor.W = 1
		}
		if (factor == op.Scaling{H: 1, W: 1}) {
			c.Apply(op.Reshape(shape...))
			return
		}
		c.Apply(op.Upsample(factor, c.Choice("mode")))
	},
})
