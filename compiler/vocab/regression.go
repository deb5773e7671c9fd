package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// judged declares the output that a loss or a metric judges.
var judged = Arg{Name: "output", Kind: Named, Positional: true, Doc: "the label of what is judged; the last value where it is left out"}

// judges declares the arguments that every loss has, behind its own.
func judges(own ...Arg) []Arg {
	return append([]Arg{judged}, append(own,
		Arg{Name: "weight", Kind: Number, Default: 1, Min: 0, Max: unbounded, Doc: "the loss's share of the whole"},
		Arg{Name: "target", Kind: Named, Doc: "an input to compare with, instead of a target of its own"})...)
}

// likeOutput declares a loss whose target is real numbers of the output's shape.
func likeOutput(name, doc string, op func() *ir.Op, check func(c *Call)) *Word {
	return &Word{Name: name, Kind: Loss, Usage: "loss " + name + " [output] [weight=1] [target=input]", Doc: doc, Args: judges(), Build: func(c *Call) {
		if check != nil {
			check(c)
		}
		if target := c.Compare(c.X.Type); target != nil {
			c.Loss = c.Builder.Node(c.Name, op(), c.X, target)[0]
		}
	}}
}

// appliedTwice warns of an activation that the loss applies itself.
func appliedTwice(c *Call, activation string) {
	def := c.X.Base().Def
	if def == nil || def.Op.Name != activation {
		return
	}
	c.Report(c.Problem(diag.DoubleActivation, c.At, "`%s` applies `%s` itself, and the value has been through one", c.Word.Name, activation).
		WithNote(c.Statement(c.X), "`%s` makes it", activation).
		WithHelp("leave `%s` out: a prediction's probabilities are there without it", activation))
}

// inUnits declares a metric of regressions.
func inUnits(name, doc string) *Word {
	return &Word{Name: name, Kind: Metric, Usage: "metric " + name + " [output]", Doc: doc, Args: []Arg{judged}, Build: func(c *Call) {
		if c.Target.Type.Kind != ir.F32 {
			c.Report(c.Problem(diag.MetricMisfit, c.At, "`%s` compares numbers, but the target is a class", name).
				WithHelp("write `metric accuracy`"))
		}
	}}
}
