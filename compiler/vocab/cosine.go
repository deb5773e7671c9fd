package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "cosine",
	Kind:  Loss,
	Usage: "loss cosine [output] [weight=1] [target=input]",
	Doc: "1 − x·t/(max(‖x‖, 1e-8)·max(‖t‖, 1e-8)) of vectors along the last axis, then the mean over rows and positions: how far the directions of x and " +
		"of t, which is never standardised, are apart.",
	Args:   lossArgs(),
	Target: ir.Vector,
	Link:   ir.Identity,
	Build: func(c *Call) {
		if !c.directed() {
			return
		}
		target := c.Compare(c.X.Type)
		if target == nil {
			return
		}
		card, operands := op.CosineLoss(), []*ir.Value{c.X, target}
		if c.Weights != nil {
			card, operands = op.WeightedCosineLoss(), append(operands, c.Weights)
		}
		results := c.Builder.Node(c.Name, card, operands...)
		c.Loss, c.Count = results[0], results[1]
	},
})
