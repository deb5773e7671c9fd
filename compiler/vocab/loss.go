package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// outputArg declares the output that a loss or a metric is of.
var outputArg = Arg{Name: "output", Kind: Named, Positional: true, Doc: "the label of what is judged; the last value where it is left out"}

// weightArg declares the loss's share.
var weightArg = Arg{Name: "weight", Kind: Number, Default: 1, Min: 0, Max: unbounded, Doc: "the loss's share of the whole"}

// lossArgs declares the arguments that every loss has, behind its own.
func lossArgs(own ...Arg) []Arg {
	return append([]Arg{outputArg}, append(own,
		weightArg,
		Arg{Name: "target", Kind: Named, Doc: "an input to compare with, instead of a target of its own"})...)
}

// compare sets the loss, by an operation whose target is real numbers of the output's shape, or where rows have weights
// by its weighted form.
func (c *Call) compare(mean, weighted *ir.Op) {
	target := c.Compare(c.X.Type)
	switch {
	case target == nil:
	case c.Weights == nil:
		c.Loss = c.Builder.Node(c.Name, mean, c.X, target)[0]
	default:
		shares := c.Builder.Node(c.Name+".shares", op.RowShares(c.X.Type.Shape...), c.Weights)
		c.Loss, c.Count = c.Builder.Node(c.Name, weighted, c.X, target, shares[0])[0], shares[1]
	}
}

// appliedTwice warns of an activation that the loss applies itself.
func (c *Call) appliedTwice(activation string) {
	def := c.X.Base().Def
	if def == nil || def.Op.Name != activation {
		return
	}
	c.Report(c.Problem(diag.DoubleActivation, c.At, "`%s` applies `%s` itself, and the value has been through one", c.Word.Name, activation).
		WithNote(c.Statement(c.X), "`%s` makes it", activation).
		WithHelp("leave `%s` out: a prediction's probabilities are there without it", activation))
}

// takesLogarithms warns of a value that has not been through log_softmax.
func (c *Call) takesLogarithms() {
	if def := c.X.Base().Def; def != nil && def.Op.Name == "log_softmax" {
		return
	}
	d := c.Problem(diag.MissingLogarithm, c.At, "`%s` takes logarithms of probabilities, but no `log_softmax` makes the value", c.Word.Name)
	if c.X.Def != nil {
		d = d.WithNote(c.Statement(c.X), "this makes it")
	}
	c.Report(d.WithHelp("put `log_softmax` before the loss"))
}

// directed reports whether the output has a last axis to work along, and a diagnostic otherwise.
func (c *Call) directed() bool {
	if len(c.X.Type.Shape) > 0 {
		return true
	}
	c.Report(c.Problem(diag.LossMisfit, c.At, "`%s` works along the last axis, but the output is a single number", c.Word.Name).
		WithHelp("put a layer such as `linear 3` before it"))
	return false
}

// Total adds the sum of losses, each times its weight, to the graph: the loss that training makes small.
func Total(b *ir.Builder, losses []*ir.Value, weights []float64) *ir.Value {
	return b.Node("loss", op.WeightedSum(slices.Clone(weights)...), losses...)[0]
}
