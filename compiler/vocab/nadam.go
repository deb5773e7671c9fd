package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "nadam",
	Kind:  Optimiser,
	Usage: "nadam [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [momentum_decay=0.004] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Adam that looks ahead by a momentum which rises to beta1, as PyTorch's NAdam.",
	Args: optimiserArgs(0.002, penalty, append(adamArgs(),
		fromZero("momentum_decay", 0.004, "how soon the momentum rises: in step t it is beta1·(1 − ½·0.96^(t·momentum_decay))"))...),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.NAdamOptimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), c.Number("eps"), c.Number("momentum_decay"), decay)
		})
	},
})
