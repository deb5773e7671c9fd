package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "cross_entropy",
	Kind:  Loss,
	Usage: "loss cross_entropy [output] [smoothing=0] [class_weights=none|balanced] [weight=1] [target=input]",
	Doc: "The mean of −log softmax(x)[c] over all rows, x being logits along the last axis, [C] or [T, C], and the target " +
		"c the index of the right class, at each of T positions. A class of −100 is left out. With smoothing ε the right " +
		"class counts 1 − ε + ε/C and each other ε/C. With class_weights=balanced it is the mean weighted by n/(C·the rows of the " +
		"class) among the n rows that `nnc train` trains on: the only loss then, on [C], without smoothing.",
	Args: lossArgs(
		Arg{Name: "smoothing", Kind: Number, Min: 0, Max: 1, Doc: "ε: the share of a right answer that is spread evenly over all classes"},
		Arg{Name: "class_weights", Kind: Choice, Choices: []string{"none", "balanced"}, Doc: "balanced: rare classes count for as much as frequent ones"}),
	Target: ir.Class,
	Link:   ir.Softmax,
	Build: func(c *Call) {
		shape := c.X.Type.Shape
		switch {
		case len(shape) == 0:
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` needs a score for each class, but the output is a single number"))
			return
		case len(shape) > 2:
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` takes scores [classes] or [positions, classes], but the output is %v", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("put `flatten` before the layer that makes the scores"))
			return
		case shape.Last() == 1:
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` chooses among classes, but the output has one score only").
				WithNote(c.Origin(c.X), "1 comes from here").
				WithHelp("write `loss bce_logits` for a yes or no, or give the layer one output per class"))
			return
		}
		c.appliedTwice("softmax")
		c.Balanced = c.Choice("class_weights") == "balanced"
		if c.Balanced && !c.balances(shape) {
			return
		}
		target := c.Compare(ir.Classes(shape.Last(), shape[:len(shape)-1]...))
		if target == nil {
			return
		}
		card, operands := op.CrossEntropy, []*ir.Value{c.X, target}
		if c.Weights != nil {
			card, operands = op.WeightedCrossEntropy, append(operands, c.Weights)
		}
		results := c.Builder.Node(c.Name, card(c.Number("smoothing")), operands...)
		c.Loss, c.Count = results[0], results[1]
	},
})

// balances reports whether weights of rows can balance the classes of such scores, and a diagnostic otherwise.
func (c *Call) balances(shape ir.Shape) bool {
	d := c.Problem(diag.UnexpectedArgument, c.Span("class_weights"), "balanced classes are for one class in a row, but this output has scores at each of %d positions", shape[0]).
		WithHelp("leave `class_weights` out")
	switch {
	case len(shape) > 1:
	case c.Number("smoothing") != 0:
		d.Summary = "balanced classes and `smoothing` exclude each other"
		d = d.WithHelp("leave one of them out")
	default:
		return true
	}
	c.Report(d)
	return false
}
