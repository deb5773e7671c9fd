package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "rmsprop",
	Kind:  Optimiser,
	Usage: "rmsprop [lr] [alpha=0.99] [eps=1e-8] [momentum=0] [centered] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Gradients divided by the root of their mean square, as PyTorch's RMSprop; a variance that rounding makes negative counts as 0.",
	Args: optimiserArgs(0.01, penalty,
		fraction("alpha", 0.99, "the decay of the squared gradient's mean"),
		fromZero("eps", 1e-8, "added to the root, against division by 0"),
		fraction("momentum", 0, "the share of the last step that is kept"),
		Arg{Name: "centered", Kind: Flag, Doc: "divide by the root of the gradient's variance"}),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.RMSpropOptimiser(c.Number("lr"), c.Number("alpha"), c.Number("eps"), c.Number("momentum"), decay, c.Is("centered"))
		})
	},
})
