package vocab

import (
	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "cross_entropy",
	Kind:  Loss,
	Usage: "loss cross_entropy",
	Doc: "The mean of −log softmax(x)[c] over all rows, x being logits along the last axis and the target c the " +
		"index of the right class. A class of −100 is left out.",
	Build: func(c *Call) {
		shape := c.X.Type.Shape
		switch {
		case len(shape) == 0:
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` needs a score for each class, but the output is a single number"))
			return
		case len(shape) > 1 && !sequence(c.X):
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` judges one list of scores per row, but the output is %v", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("put `flatten` before the first layer that takes it"))
			return
		case shape.Last() == 1:
			c.Report(c.Problem(diag.LossMisfit, c.At, "`cross_entropy` chooses among classes, but the output has one score only").
				WithNote(c.Origin(c.X), "1 comes from here").
				WithHelp("write `loss bce_logits` for a yes or no, or give the layer one output per class"))
			return
		}
		appliedTwice(c, "softmax")
		c.Target = c.Builder.Value(ir.Target, "target", ir.Classes(shape.Last(), shape[:len(shape)-1]...))
		c.Loss = c.Builder.Node("loss", op.CrossEntropy(0), c.X, c.Target)[0]
	},
})

// sequence reports whether the value's axes before the last are places in a sequence: whether it comes from
// an input of integers.
func sequence(v *ir.Value) bool {
	if v.Def == nil {
		return v.Role == ir.Input && v.Type.Kind == ir.I32
	}
	for _, x := range v.Def.In {
		if sequence(x) {
			return true
		}
	}
	return false
}
