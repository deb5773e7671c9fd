package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "smooth_l1",
	Kind:  Loss,
	Usage: "loss smooth_l1 [output] [beta=1] [weight=1] [target=input]",
	Doc: "The mean of ½e²/β where |e| < β, else of |e| − ½β, over all elements of all rows, with e = x − t: `huber` of δ = β, over β. " +
		"Where the target is standardised, β is in its deviations.",
	Args:   lossArgs(Arg{Name: "beta", Kind: Number, Default: 1, Max: unbounded, Above: true, Doc: "β: the error from which on the loss grows linearly"}),
	Target: ir.Quantity,
	Link:   ir.Identity,
	Build:  func(c *Call) { c.compare(op.SmoothL1(c.Number("beta")), op.WeightedSmoothL1(c.Number("beta"))) },
})
