package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "bce_logits",
	Kind:  Loss,
	Usage: "loss bce_logits [output] [pos_weight=1] [weight=1] [target=input]",
	Doc: "The binary cross-entropy of logits and targets in [0, 1]: the mean of max(x, 0) − x·t + log(1 + exp(−|x|)), which is −t·log σ(x) − (1 − t)·log(1 − σ(x)). " +
		"pos_weight is times the first of these, where the target is a yes: a number, or a list with one for each element of the last axis.",
	Args:   lossArgs(Arg{Name: "pos_weight", Kind: Numbers, Single: true, Default: 1, Max: unbounded, Doc: "what a yes counts, beside a no that counts 1"}),
	Target: ir.Flag,
	Link:   ir.Sigmoid,
	Build: func(c *Call) {
		c.appliedTwice("sigmoid")
		weights, last := c.Numbers("pos_weight"), c.X.Type.Shape.Last()
		switch {
		case len(weights) == 1 && weights[0] == 1:
			c.compare(op.BCELogits(), op.WeightedBCELogits())
		case len(weights) == 1 || len(weights) == last:
			c.positive(weights)
		default:
			c.Report(c.Problem(diag.SizeMismatch, c.Span("pos_weight"), "there are %d weights for %d flags", len(weights), last).
				WithNote(c.Origin(c.X), "%d comes from here", last).
				WithHelp("give each flag its weight, or all of them one number"))
		}
	},
})

// positive sets the loss by what a yes counts.
func (c *Call) positive(weights []float64) {
	target := c.Compare(c.X.Type)
	if target == nil {
		return
	}
	operands := []*ir.Value{target}
	if c.Weights != nil {
		shares := c.Builder.Node(c.Name+".shares", op.RowShares(c.X.Type.Shape...), c.Weights)
		operands, c.Count = append(operands, shares[0]), shares[1]
	}
	counts := c.Builder.Node(c.Name+".yes", op.PosShares(weights, c.Weights != nil), operands...)
	c.Loss = c.Builder.Node(c.Name, op.SharedBCELogits(), c.X, counts[0], counts[1])[0]
}
