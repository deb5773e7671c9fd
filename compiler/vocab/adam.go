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
	Build: buildAdam(op.Adam, func(beta1, beta2, _ float64) *ir.Op { return op.AdamRates(beta1, beta2) }),
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

// buildAdam fills the recipe with an optimiser of two moments, of the update's card and that of its scalars.
func buildAdam(update func(beta1, beta2, epsilon, decay float64) *ir.Op, rates func(beta1, beta2, decay float64) *ir.Op) func(c *Call) {
	return func(c *Call) {
		beta1, beta2, decay := c.Number("beta1"), c.Number("beta2"), c.Number("decay")
		c.Recipe.Optimiser = &ir.Optimiser{
			Name:   c.Word.Name,
			Update: update(beta1, beta2, c.Number("eps"), decay),
			Slots:  []string{"m", "v"},
			Rate:   c.Number("lr"),
			Scalars: func(b *ir.Builder, rate *ir.Value) []*ir.Value {
				return b.Node("rate", rates(beta1, beta2, decay), rate, b.Scalar(ir.StepNumber))
			},
		}
	}
}
