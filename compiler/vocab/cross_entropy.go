package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "cross_entropy",
	Kind:  Loss,
	Usage: "loss cross_entropy [output] [smoothing=0] [weight=1] [target=input]",
	Doc: "The mean of −log softmax(x)[c] over all rows, x being logits along the last axis, [C] or [T, C], and the target " +
		"c the index of the right class, at each of T positions. A class of −100 is left out. With smoothing ε the right " +
		"class counts 1 − ε + ε/C and each other ε/C.",
	Args:   lossArgs(Arg{Name: "smoothing", Kind: Number, Min: 0, Max: 1, Doc: "ε: the share of a right answer that is spread evenly over all classes"}),
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
				WithHelp("put `flatten` before the layer that makes the scores; or `transpose` where channels come first, and join the other axes"))
			return
		case shape.Last() == 1:
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` chooses among classes, but the output has one score only").
				WithNote(c.Origin(c.X), "1 comes from here").
				WithHelp("write `loss bce_logits` for a yes or no, or give the layer one output per class"))
			return
		}
		c.appliedTwice("softmax")
		if target := c.Compare(ir.Classes(shape.Last(), shape[:len(shape)-1]...)); target != nil {
			results := c.Builder.Node(c.Name, op.CrossEntropy(c.Number("smoothing")), c.X, target)
			c.Loss, c.Count = results[0], results[1]
		}
	},
})
