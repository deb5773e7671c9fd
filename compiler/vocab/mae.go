package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var (
	_ = register(&Word{
		Name:   "mae",
		Kind:   Loss,
		Usage:  "loss mae [output] [weight=1] [target=input]",
		Doc:    "The mean of |x − t| over all elements of all rows.",
		Args:   lossArgs(),
		Target: ir.Quantity,
		Link:   ir.Identity,
		Build:  func(c *Call) { c.compare(op.MAE(), op.WeightedMAE()) },
	})
	_ = register(measure("mae", "The mean of |x − t|, in the target's own units.", numbers...))
)
