package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "adam",
	Kind:  Optimiser,
	Usage: "adam [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [amsgrad] [decay=0] [decay_skip=none|vectors]",
	Doc:   "Adam, as PyTorch's Adam.",
	Args:  optimiserArgs(0.001, penalty, append(adamArgs(), amsgrad)...),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.AdamOptimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), c.Number("eps"), decay, c.Is("amsgrad"))
		})
	},
})

// adamArgs are arguments that Adam shares with its kin.
func adamArgs() []Arg {
	return []Arg{
		fraction("beta1", 0.9, "the decay of the gradient's mean"),
		fraction("beta2", 0.999, "the decay of the squared gradient's mean"),
		fromZero("eps", 1e-8, "added to the root, against division by 0"),
	}
}

var amsgrad = Arg{Name: "amsgrad", Kind: Flag, Doc: "divide by the largest of all means of the squared gradient so far"}
