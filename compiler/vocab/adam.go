package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "adam",
	Kind:  Optimiser,
	Usage: "adam [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [decay=0]",
	Doc:   "Adam, as PyTorch's Adam.",
	Args:  adamArgs(decay(0, "λ of the L2 penalty: decay·W is added to the gradient")),
	Build: buildAdam(op.AdamOptimiser),
})

func adamArgs(decay Arg) []Arg {
	return []Arg{
		learningRate(0.001),
		{Name: "beta1", Kind: Number, Default: 0.9, Min: 0, Max: 1, Below: true, Doc: "the decay of the gradient's mean"},
		{Name: "beta2", Kind: Number, Default: 0.999, Min: 0, Max: 1, Below: true, Doc: "the decay of the squared gradient's mean"},
		{Name: "eps", Kind: Number, Default: 1e-8, Min: 0, Max: unbounded, Doc: "added to the root, against division by 0"},
		decay,
	}
}

// buildAdam fills the recipe with an optimiser of those arguments.
func buildAdam(optimiser func(rate, beta1, beta2, epsilon, decay float64) *ir.Optimiser) func(c *Call) {
	return func(c *Call) {
		c.Recipe.Optimiser = optimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), c.Number("eps"), c.Number("decay"))
	}
}
