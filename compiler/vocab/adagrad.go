package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "adagrad",
	Kind:  Optimiser,
	Usage: "adagrad [lr] [lr_decay=0] [initial=0] [eps=1e-10] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Gradients divided by the root of the sum of all their squares, as PyTorch's Adagrad.",
	Args: optimiserArgs(0.01, penalty,
		fromZero("lr_decay", 0, "the learning rate is divided by 1 + lr_decay·(the steps done)"),
		fromZero("initial", 0, "what the sum of squares starts from"),
		fromZero("eps", 1e-10, "added to the root, against division by 0")),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.AdagradOptimiser(c.Number("lr"), c.Number("lr_decay"), c.Number("initial"), c.Number("eps"), decay)
		})
	},
})
