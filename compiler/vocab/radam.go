package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "radam",
	Kind:  Optimiser,
	Usage: "radam [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Adam that starts by the mean of the gradient alone, and divides by the root of its square once that is an average of enough steps, as PyTorch's RAdam.",
	Args:  optimiserArgs(0.001, penalty, adamArgs()...),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.RAdamOptimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), c.Number("eps"), decay)
		})
	},
})
