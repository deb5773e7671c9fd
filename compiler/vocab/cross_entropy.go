package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "cross_entropy",
	Kind:  Loss,
	Usage: "loss cross_entropy [output] [smoothing=0] [class_weights=balanced|[w0, …]] [ignore=-100] [weight=1] [target=input]",
	Doc: "The mean of −log softmax(x)[c] over all rows, x being logits along the last axis, [C] or [T, C], and the target " +
		"c the index of the right class, at each of T positions. The class `ignore` is left out. With smoothing ε the right " +
		"class counts 1 − ε + ε/C and each other ε/C. With class_weights each −log softmax(x) is times the weight of its class, and the sum is divided by that of the " +
		"weights of the right classes; where that is 0, so is the loss. With class_weights=balanced it is the mean weighted by n/(C·the rows of the " +
		"class) among the n rows that `nnc train` trains on: the only loss then, on [C], without smoothing.",
	Args: lossArgs(
		Arg{Name: "smoothing", Kind: Number, Min: 0, Max: 1, Doc: "ε: the share of a right answer that is spread evenly over all classes"},
		classWeightsArg([]string{"none", "balanced"}, "the weight of each class; balanced: rare classes count for as much as frequent ones"), ignoreArg),
	Target: ir.Class,
	Link:   ir.Softmax,
	Build: func(c *Call) {
		shape := c.X.Type.Shape
		if !c.classes("bce_logits") {
			return
		}
		c.appliedTwice("softmax")
		c.Balanced = c.Choice("class_weights") == "balanced"
		if c.Balanced && !c.balances(shape) {
			return
		}
		labels, ok := c.labels()
		if !ok {
			return
		}
		labels.Smoothing = c.Number("smoothing")
		target := c.Compare(ir.Classes(shape.Last(), shape[:len(shape)-1]...))
		if target == nil {
			return
		}
		operands := []*ir.Value{c.X, target}
		if c.Weights != nil {
			operands = append(operands, c.Weights)
		}
		results := c.Builder.Node(c.Name, op.LabelledCrossEntropy(labels, c.Weights != nil), operands...)
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
