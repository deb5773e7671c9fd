package vocab

import (
	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
)

// likeOutput declares a loss whose target is real numbers of the output's shape.
func likeOutput(name, doc string, op func() *ir.Op, check func(c *Call)) *Word {
	return &Word{Name: name, Kind: Loss, Usage: "loss " + name, Doc: doc, Build: func(c *Call) {
		if check != nil {
			check(c)
		}
		c.Target = c.Builder.Value(ir.Target, "target", c.X.Type)
		c.Loss = c.Builder.Node("loss", op(), c.X, c.Target)[0]
	}}
}

// appliedTwice warns of an activation that the loss applies itself.
func appliedTwice(c *Call, activation string) {
	def := c.X.Base().Def
	if def == nil || def.Op.Name != activation {
		return
	}
	c.Report(c.Problem(diag.DoubleActivation, c.At, "`%s` applies `%s` itself, and the value has been through one", c.Word.Name, activation).
		WithNote(c.Origin(c.X), "`%s` makes it", activation).
		WithHelp("leave `%s` out: a prediction's probabilities are there without it", activation))
}

// inUnits declares a metric of regressions.
func inUnits(name, doc string) *Word {
	return &Word{Name: name, Kind: Metric, Usage: "metric " + name, Doc: doc, Build: func(c *Call) {
		if c.Target.Type.Kind != ir.F32 {
			c.Report(c.Problem(diag.MetricMisfit, c.At, "`%s` compares numbers, but the target is a class", name).
				WithHelp("write `metric accuracy`"))
		}
	}}
}
