package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:   "bce_logits",
	Kind:   Loss,
	Usage:  "loss bce_logits [output] [weight=1] [target=input]",
	Doc:    "The binary cross-entropy of logits and targets in [0, 1]: the mean of max(x, 0) − x·t + log(1 + exp(−|x|)).",
	Args:   lossArgs(),
	Target: ir.Flag,
	Link:   ir.Sigmoid,
	Build: func(c *Call) {
		c.appliedTwice("sigmoid")
		c.compare(op.BCELogits(), op.WeightedBCELogits())
	},
})
