package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "onehot",
	Kind:  Layer,
	Usage: "onehot",
	Doc:   "Turns each integer below v into v numbers: 1 at its place, 0 elsewhere. [80] of 50 becomes [80, 50].",
	Build: func(c *Call) {
		shape, classes := c.X.Type.Shape, c.X.Type.Limit
		if c.X.Type.Kind != ir.I32 {
			c.Report(c.Problem(diag.IntegerInput, c.At, "`onehot` takes integers, but real numbers flow in here").
				WithNote(c.Origin(c.X), "`%s` comes from here", c.X.Name).
				WithHelp("put it right behind an input that is declared with `of`, as `input kind[1] of 5`"))
			return
		}
		wide := append(shape[:len(shape):len(shape)], classes)
		if !c.Fits(c.At, "the result", wide...) {
			c.X = detached(ir.Row(wide...))
			return
		}
		c.Apply(op.OneHot(classes))
	},
})
