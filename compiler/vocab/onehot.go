package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:     "onehot",
	Kind:     Layer,
	Usage:    "onehot",
	Doc:      "Turns each integer below v into v numbers: 1 at its place, 0 elsewhere. [80] of 50 becomes [80, 50].",
	Integers: "onehot",
	Build: func(c *Call) {
		shape, classes := c.X.Type.Shape, c.X.Type.Limit
		if !c.Integers() {
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
