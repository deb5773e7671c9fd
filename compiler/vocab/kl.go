package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "kl",
	Kind:  Loss,
	Usage: "loss kl [output] [weight=1] [target=input]",
	Doc: "The divergence of log-probabilities x, as `log_softmax` makes them, from probabilities t along the last axis, which sum to 1: Σ t·(log t − x), where 0·log 0 is 0, " +
		"then the mean over rows and positions. A prediction is exp(x).",
	Args:   lossArgs(),
	Target: ir.Distribution,
	Link:   ir.Exp,
	Build: func(c *Call) {
		if c.directed() {
			c.takesLogarithms()
			classes := c.X.Type.Shape.Last()
			c.compare(op.KL(classes), op.WeightedKL(classes))
		}
	},
})
