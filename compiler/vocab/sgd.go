package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "sgd",
	Kind:  Optimiser,
	Usage: "sgd [lr] [momentum=0] [nesterov] [dampening=0] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Stochastic gradient descent, as PyTorch's SGD: W −= lr·∂W.",
	Args: optimiserArgs(0.001, penalty,
		fraction("momentum", 0, "the share of the last step that is kept"),
		Arg{Name: "nesterov", Kind: Flag, Doc: "look ahead by the momentum"},
		Arg{Name: "dampening", Kind: Number, Min: 0, Max: 1, Doc: "the share of the gradient that momentum leaves out"}),
	Build: func(c *Call) {
		momentum, dampening, nesterov := c.Number("momentum"), c.Number("dampening"), c.Is("nesterov")
		if nesterov && (momentum == 0 || dampening != 0) {
			c.Report(c.Problem(diag.NesterovCondition, c.Span("nesterov"), "`nesterov` needs momentum and no dampening").
				WithHelp("write `sgd %v momentum=0.9 nesterov`", c.Number("lr")))
			return
		}
		c.update(func(decay float64) *ir.Optimiser {
			return op.SGDOptimiser(c.Number("lr"), momentum, dampening, decay, nesterov)
		})
	},
})
