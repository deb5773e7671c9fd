package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:   "mse",
	Kind:   Loss,
	Usage:  "loss mse [output] [weight=1] [target=input]",
	Doc:    "The mean of (x − t)² over all elements of all rows.",
	Args:   lossArgs(),
	Target: ir.Quantity,
	Link:   ir.Identity,
	Build:  func(c *Call) { c.compare(op.MSE(), op.WeightedMSE()) },
})
