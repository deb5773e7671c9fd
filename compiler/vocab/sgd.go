package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "sgd",
	Kind:  Optimiser,
	Usage: "sgd [lr] [momentum=0] [nesterov] [dampening=0] [decay=0]",
	Doc:   "Stochastic gradient descent, as PyTorch's SGD: W −= lr·∂W.",
	Args: []Arg{
		learningRate(0.001),
		{Name: "momentum", Kind: Number, Min: 0, Max: 1, Below: true, Doc: "the share of the last step that is kept"},
		{Name: "nesterov", Kind: Flag, Doc: "look ahead by the momentum"},
		{Name: "dampening", Kind: Number, Min: 0, Max: 1, Doc: "the share of the gradient that momentum leaves out"},
		decay(0, "λ of the L2 penalty: decay·W is added to the gradient"),
	},
	Build: func(c *Call) {
		momentum, dampening, nesterov := c.Number("momentum"), c.Number("dampening"), c.Is("nesterov")
		if nesterov && (momentum == 0 || dampening != 0) {
			c.Report(c.Problem(diag.NesterovCondition, c.Span("nesterov"), "`nesterov` needs momentum and no dampening").
				WithHelp("write `sgd %v momentum=0.9 nesterov`", c.Number("lr")))
			return
		}
		c.Recipe.Optimiser = op.SGDOptimiser(c.Number("lr"), momentum, dampening, c.Number("decay"), nesterov)
	},
})

func learningRate(standard float64) Arg {
	return Arg{Name: "lr", Kind: Number, Positional: true, Default: standard, Min: 0, Max: unbounded, Doc: "the learning rate"}
}

func decay(standard float64, doc string) Arg {
	return Arg{Name: "decay", Kind: Number, Default: standard, Min: 0, Max: unbounded, Doc: doc}
}
