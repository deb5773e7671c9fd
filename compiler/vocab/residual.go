package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:   "residual",
	Kind:   Structure,
	Body:   true,
	InBody: true,
	Usage:  "residual { … }",
	Doc:    "Adds what entered to the body's result, which must have the same shape.",
	Build: func(c *Call) {
		x, y := c.Entered, c.X
		if !c.Floats() {
			return
		}
		if !slices.Equal(x.Type.Shape, y.Type.Shape) {
			c.Report(c.Problem(diag.ShapesDiffer, c.At, "%v enters `residual`, but its body makes %v of it", x.Type.Shape, y.Type.Shape).
				WithNote(c.Origin(y), "%s comes from here", times(y.Type.Shape)).
				WithHelp("end the body with a layer that restores the shape, such as `linear %d`", x.Type.Shape.Last()))
			c.X = detached(x.Type)
			return
		}
		c.Apply(op.Add(), x)
	},
})
