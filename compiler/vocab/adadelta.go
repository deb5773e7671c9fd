package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "adadelta",
	Kind:  Optimiser,
	Usage: "adadelta [lr] [rho=0.9] [eps=1e-6] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Gradients scaled by how large steps have been and how large gradients have been, as PyTorch's Adadelta.",
	Args: optimiserArgs(1, penalty,
		fraction("rho", 0.9, "the decay of both mean squares"),
		fromZero("eps", 1e-6, "added to both mean squares, which also makes the first steps")),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.AdadeltaOptimiser(c.Number("lr"), c.Number("rho"), c.Number("eps"), decay)
		})
	},
})
