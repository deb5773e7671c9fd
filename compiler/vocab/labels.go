package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// classWeightsArg declares the weights of classes, and the names that may stand in their place.
func classWeightsArg(choices []string, doc string) Arg {
	return Arg{Name: "class_weights", Kind: Numbers, Max: unbounded, Choices: choices, Doc: doc}
}

// ignoreArg declares the class that a loss leaves out.
var ignoreArg = Arg{Name: "ignore", Kind: Integer, Default: op.Ignored, Min: -1 << 31, Max: 1<<31 - 1, Doc: "the class of positions that take no part"}

// classes reports whether the output has scores of classes, at one position or several, and a diagnostic otherwise. other
// is the loss for a yes or no.
func (c *Call) classes(other string) bool {
	shape, name := c.X.Type.Shape, c.Word.Name
	switch {
	case len(shape) == 0:
		c.Report(c.Problem(diag.LossMisfit, c.At, "`%s` needs a score for each class, but the output is a single number", name))
	case len(shape) > 2:
		c.Report(c.Problem(diag.LossMisfit, c.At, "`%s` takes scores [classes] or [positions, classes], but the output is %v", name, shape).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("put `flatten` before the layer that makes the scores; where each position has classes, make it [positions, classes] by `transpose` and `reshape`"))
	case shape.Last() == 1:
		c.Report(c.Problem(diag.LossMisfit, c.At, "`%s` chooses among classes, but the output has one score only", name).
			WithNote(c.Origin(c.X), "1 comes from here").
			WithHelp("write `loss %s` for a yes or no, or give the layer one output per class", other))
	default:
		return true
	}
	return false
}

// labels says how the loss takes classes, by its arguments, but for smoothing. ok is false after a diagnostic.
func (c *Call) labels() (l op.Labels, ok bool) {
	c.Ignored = c.Int("ignore")
	l = op.Labels{Weights: c.Numbers("class_weights"), Ignored: c.Ignored}
	if classes := c.X.Type.Shape.Last(); l.Weights != nil && len(l.Weights) != classes {
		c.Report(c.Problem(diag.SizeMismatch, c.Span("class_weights"), "there are %d weights for %d classes", len(l.Weights), classes).
			WithNote(c.Origin(c.X), "%d comes from here", classes).
			WithHelp("give each class its weight, in the order of their indices"))
		return l, false
	}
	c.Weighs = l.Weights != nil
	return l, true
}
