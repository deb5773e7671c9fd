package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "lion",
	Kind:  Optimiser,
	Usage: "lion [lr] [beta1=0.9] [beta2=0.99] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Each parameter moves by the learning rate against the sign of a mean of its gradients; where that is 0 it stays. W is multiplied by 1 − lr·decay first.",
	Args: optimiserArgs(0.0001, decoupled(0),
		fraction("beta1", 0.9, "the part of the mean in the sign; the new gradient has the rest"),
		fraction("beta2", 0.99, "the decay of the gradient's mean")),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.LionOptimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), decay)
		})
	},
})
