package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "last",
	Kind:  Layer,
	Usage: "last [mask=value] [length=value]",
	Doc: "The last position of a sequence: [80, 16] becomes [16]. With a mask or a length the last that takes part; 0 if " +
		"there is none.",
	Args: []Arg{mask, length},
	Build: func(c *Call) {
		shape := c.X.Type.Shape
		switch {
		case !c.Floats():
			return
		case len(shape) != 2:
			help := "`slice` takes positions along any axis"
			if isFinal(c.X) {
				help = "leave it out: this is the last position of a recurrent layer already"
			}
			c.Report(c.Problem(diag.WrongRank, c.At, "`last` takes a sequence, [positions, size], but %v flows in here", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("%s", help))
			return
		}
		switch {
		case bothWays(c.X):
			c.Report(c.Problem(diag.HalfRead, c.At, "at the last position the layer that goes backwards has read that position and nothing else").
				WithHelp("for the final states of both directions write the flag `last` after the recurrent layer's size, in place of this layer"))
		case !c.Given("mask") && !c.Given("length") && takesPart(c.X):
			c.Report(c.Problem(diag.HalfRead, c.At, "at the last position the recurrent layer gives 0 in every row that is shorter than the others, and has its padding at the end").
				WithHelp("for its final states write its flag `last` in place of this layer, or give this layer the same `mask=` or `length=`, which changes nothing in rows whose padding stands at the beginning"))
		}
		positions, size := shape[0], shape[1]
		numbers, ok := c.Mask(ir.Shape{positions})
		switch {
		case !ok:
		case numbers != nil:
			c.Apply(op.Last(), numbers)
		default:
			if positions > 1 {
				c.X = c.Builder.Node(c.Name+".position", op.Slice(positions-1, positions, 0), c.X)[0]
			}
			c.Apply(op.Reshape(size))
		}
	},
})
