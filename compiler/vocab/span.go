package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "span",
	Kind:  Loss,
	Usage: "loss span [output] [mask=value] [max=30] [weight=1]",
	Doc: "Where in a sequence something starts and ends, of scores [T, 2]: half the mean of −log softmax(x)[t] along T of the starts, by the " +
		"first column, and half that of the ends, by the second. The target is two positions, which count from 0; −100 takes no part. Positions " +
		"where the mask is 0 have no part either: their scores count as −∞, and a target there is an error. The prediction is the start " +
		"and the end, start ≤ end < start + max, whose scores have the largest sum; of equals the smallest start, then the smallest end.",
	Args: []Arg{
		outputArg, mask,
		{Name: "max", Kind: Integer, Default: 30, Min: 1, Max: maxCount, Doc: "how many positions a predicted span has at most"},
		weightArg,
	},
	Target: ir.Span,
	Link:   ir.Identity,
	Output: func(c *Call) {
		shape := c.X.Type.Shape
		if len(shape) != 2 || shape[1] != 2 {
			c.Report(c.Problem(diag.LossMisfit, c.At, "`span` takes two scores at each position, [positions, 2], but the output is %v", shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("let a sequence go through `linear 2`"))
			c.X = nil
			return
		}
		numbers, ok := c.Mask(ir.Shape{shape[0]})
		switch {
		case !ok:
			c.X = nil
		case numbers != nil:
			c.X = c.Builder.Node(c.X.Name+".masked", op.MaskedFill(op.LeftOut), c.X, numbers)[0]
		}
	},
	Build: func(c *Call) {
		positions := c.X.Type.Shape[0]
		target := c.Compare(ir.Classes(positions, 2))
		if target == nil {
			return
		}
		c.Longest, c.Ignored = c.Int("max"), op.Ignored
		if m := c.Args["mask"].Named; m != nil && m[0].Role == ir.Input {
			c.TargetMask = m[0]
		}
		scores, card := c.Builder.Node(c.Name+".scores", op.Transpose(1, 0), c.X)[0], op.Span()
		operands := []*ir.Value{scores, target}
		if c.Weights != nil {
			operands, card = append(operands, c.Weights), op.WeightedSpan()
		}
		results := c.Builder.Node(c.Name, card, operands...)
		c.Loss, c.Means = results[0], []ir.Mean{{Value: results[1], Count: results[2]}, {Value: results[3], Count: results[4]}}
	},
})
