package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:   "hinge",
	Kind:   Loss,
	Usage:  "loss hinge [output] [weight=1] [target=input]",
	Doc:    "The mean of max(0, 1 − u·x), u being +1 for the second class, 1, and −1 for the first, 0. A prediction is the class by the sign of x, which is no probability.",
	Args:   lossArgs(),
	Target: ir.Flag,
	Link:   ir.Score,
	Build:  func(c *Call) { c.compare(op.Hinge(), op.WeightedHinge()) },
})
