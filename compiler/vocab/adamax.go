package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "adamax",
	Kind:  Optimiser,
	Usage: "adamax [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Adam that divides by the largest gradient, of which beta2 is left after each step, as PyTorch's Adamax.",
	Args: optimiserArgs(0.002, penalty,
		fraction("beta1", 0.9, "the decay of the gradient's mean"),
		fraction("beta2", 0.999, "the decay of the largest gradient"),
		fromZero("eps", 1e-8, "added to the gradient's size, against division by 0")),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.AdamaxOptimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), c.Number("eps"), decay)
		})
	},
})
