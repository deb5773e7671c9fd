package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "dropout",
	Kind:  Layer,
	Usage: "dropout p",
	Doc: "When training, each value is set to 0 with probability p and scaled by 1/(1−p) otherwise; in " +
		"prediction nothing happens. The mask depends on the seed, the step, the layer's name, the row and the element.",
	Args: []Arg{{Name: "p", Kind: Number, Positional: true, Required: true, Min: 0, Max: 1, Below: true, Doc: "the probability"}},
	Build: func(c *Call) {
		if c.Floats() {
			mask := c.Builder.Node(c.Name+".mask", op.DropoutMask(c.Number("p"), c.X.Type.Shape...), c.Builder.Scalar(ir.StepNumber))[0]
			c.Apply(op.Dropout(), mask)
		}
	},
})
