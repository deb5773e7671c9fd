package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "position",
	Kind:  Layer,
	Usage: "position [dim] [sinusoidal]",
	Doc: "Adds a vector for each position to a sequence [T, dim], so that what follows can tell positions apart: rows of a weight " +
		"[T, dim], which start normal around 0 with deviation 1. `sinusoidal` has no weight: element 2i of position t, which counts from 0, " +
		"is sin(t/10000^(2i/dim)), element 2i+1 the cosine of the same.",
	Args: []Arg{
		{Name: "dim", Kind: Integer, Positional: true, Default: unset, Min: 1, Max: maxCount, Doc: "the size of a vector: that of what flows in, where it is written"},
		{Name: "sinusoidal", Kind: Flag, Doc: "sines and cosines in place of a weight"},
	},
	Build: func(c *Call) {
		shape := c.X.Type.Shape
		switch {
		case !c.Floats():
			return
		case len(shape) != 2:
			c.Report(c.Problem(diag.WrongRank, c.At, "`position` takes a sequence, [positions, size], but %v flows in here", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("`reshape` or `transpose` it before"))
			return
		case c.Given("dim") && c.Int("dim") != shape[1]:
			c.Report(c.Problem(diag.SizeMismatch, c.Span("dim"), "`position` takes vectors of %d values, but %v flows in here", c.Int("dim"), shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("write %d, or leave the size out", shape[1]))
			return
		}
		if c.Is("sinusoidal") {
			c.Apply(op.Sinusoidal())
			return
		}
		c.Apply(op.Position(), c.Param("weight", ir.Init{Normal: 1}, shape...))
	},
})
