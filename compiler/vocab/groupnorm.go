package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "groupnorm",
	Kind:  Layer,
	Usage: "groupnorm groups [eps=1e-5] [affine=true]",
	Doc: "(x − mean)/√(variance + eps)·w + b, with the mean and the biased variance of a group of channels, row by row: over its " +
		"channels and all other axes. Channels are the first axis of [C] and [C, H, W], the last of [T, D]; those of a group follow " +
		"one another. w and b have a number for each channel, and start at 1 and 0, whatever `init` says.",
	Finishes: true,
	Args: []Arg{
		{Name: "groups", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "how many groups of as many channels each there are"},
		{Name: "eps", Kind: Number, Default: 1e-5, Max: unbounded, Doc: "what is added to the variance"},
		{Name: "affine", Kind: Bool, Default: 1, Doc: "whether there are w and b at all"},
	},
	Build: func(c *Call) {
		channels, ok := c.channels()
		if !ok {
			return
		}
		shape, groups := c.X.Type.Shape, c.Int("groups")
		if channels%groups != 0 {
			c.Report(c.Problem(diag.SizeMismatch, c.Span("groups"), "%d groups do not divide the %d channels of %v", groups, channels, shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("write a number of groups that divides %d", channels))
			return
		}
		sequence := len(shape) == 2
		of := shape
		if sequence {
			of = ir.Shape{shape[1], shape[0]}
			c.X = c.Builder.Node(c.Name+".channels", op.Transpose(1, 0), c.X)[0]
		}
		c.X = c.Builder.Node(c.Name+".groups", op.Reshape(groups, shape.Size()/groups), c.X)[0]
		c.X = c.Builder.Node(c.Name+".normalised", op.LayerNorm(c.Number("eps"), false, false), c.X)[0]
		last := []*ir.Op{op.Reshape(of...)}
		if sequence {
			last = append(last, op.Transpose(1, 0))
		}
		if c.Is("affine") {
			last = append(last, op.Scale(false, true))
		}
		for i, card := range last {
			switch {
			case i < len(last)-1:
				c.X = c.Builder.Node(c.Name+".channelled", card, c.X)[0]
			case c.Is("affine"):
				c.Apply(card, c.Filled("weight", 1, channels), c.Filled("bias", 0, channels))
			default:
				c.Apply(card)
			}
		}
	},
})
