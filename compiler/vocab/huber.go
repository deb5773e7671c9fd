package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "huber",
	Kind:  Loss,
	Usage: "loss huber [output] [delta=1] [weight=1] [target=input]",
	Doc: "The mean of ½e² where |e| ≤ δ, else of δ(|e| − ½δ), over all elements of all rows, with e = x − t: large errors count " +
		"as in `mae`. Where the target is standardised, δ is in its deviations.",
	Args:   lossArgs(Arg{Name: "delta", Kind: Number, Default: 1, Max: unbounded, Above: true, Doc: "δ: the error from which on the loss grows linearly"}),
	Target: ir.Quantity,
	Link:   ir.Identity,
	Build:  func(c *Call) { c.compare(op.Huber(c.Number("delta")), op.WeightedHuber(c.Number("delta"))) },
})
