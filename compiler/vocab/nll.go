package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "nll",
	Kind:  Loss,
	Usage: "loss nll [output] [class_weights=[w0, …]] [ignore=-100] [weight=1] [target=input]",
	Doc: "The mean of −x[c] over all rows, x being log-probabilities along the last axis, [C] or [T, C], as `log_softmax` makes them, and the target c the index of the right " +
		"class, at each of T positions: with `log_softmax` it is `cross_entropy`. The class `ignore` is left out. With class_weights each −x[c] is times the weight of its class, and the " +
		"sum is divided by that of the weights; where that is 0, so is the loss.",
	Args:   lossArgs(classWeightsArg(nil, "the weight of each class"), ignoreArg),
	Target: ir.Class,
	Link:   ir.Exp,
	Build: func(c *Call) {
		if !c.classes("bce") {
			return
		}
		labels, ok := c.labels()
		if !ok {
			return
		}
		c.takesLogarithms()
		shape := c.X.Type.Shape
		target := c.Compare(ir.Classes(shape.Last(), shape[:len(shape)-1]...))
		if target == nil {
			return
		}
		operands := []*ir.Value{c.X, target}
		if c.Weights != nil {
			operands = append(operands, c.Weights)
		}
		results := c.Builder.Node(c.Name, op.NLL(labels, c.Weights != nil), operands...)
		c.Loss, c.Count = results[0], results[1]
	},
})
