package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:   "poisson",
	Kind:   Loss,
	Usage:  "loss poisson [output] [weight=1] [target=input]",
	Doc:    "The mean of exp(x) − t·x, of counts t, which are at least 0 and never standardised: x is the logarithm of their rate, and a prediction is exp(x).",
	Args:   lossArgs(),
	Target: ir.Counted,
	Link:   ir.Exp,
	Build:  func(c *Call) { c.compare(op.Poisson(), op.WeightedPoisson()) },
})
