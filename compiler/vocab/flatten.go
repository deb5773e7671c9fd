package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "flatten",
	Kind:  Layer,
	Usage: "flatten",
	Doc:   "The same values as one axis: [28, 28] becomes [784].",
	Build: func(c *Call) {
		if c.Floats() {
			c.Apply(op.Reshape(c.X.Type.Shape.Size()))
		}
	},
})
