package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "bce",
	Kind:  Loss,
	Usage: "loss bce [output] [weight=1] [target=input]",
	Doc: "The binary cross-entropy of probabilities x, as `sigmoid` makes them, and targets t in [0, 1]: the mean of −(t·log x + (1 − t)·log(1 − x)), each " +
		"logarithm at least −100. `bce_logits` takes what is before the sigmoid, and loses nothing where x is near 0 or 1.",
	Args:   lossArgs(),
	Target: ir.Flag,
	Link:   ir.Identity,
	Build:  func(c *Call) { c.compare(op.BCE(), op.WeightedBCE()) },
})
