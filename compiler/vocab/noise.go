package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "noise",
	Kind:  Layer,
	Usage: "noise std",
	Doc: "When training, adds to each value a number from the normal distribution around 0 with the standard deviation std; " +
		"in prediction nothing happens. The number depends on the seed, the step, the layer's name, the row and the element.",
	Args: []Arg{{Name: "std", Kind: Number, Positional: true, Required: true, Min: 0, Max: unbounded, Doc: "the standard deviation"}},
	Build: func(c *Call) {
		if c.Floats() {
			draw := c.Builder.Node(c.Name+".draw", op.NoiseDraw(c.Number("std"), c.X.Type.Shape...), c.Builder.Scalar(ir.StepNumber))[0]
			c.Apply(op.Noise(), draw)
		}
	},
})
