package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "adamw",
	Kind:  Optimiser,
	Usage: "adamw [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [amsgrad] [decay=0.01] [decay_skip=none|vectors]",
	Doc:   "Adam with decoupled weight decay, as PyTorch's AdamW: W is multiplied by 1 − lr·decay first.",
	Args:  optimiserArgs(0.001, decoupled(0.01), append(adamArgs(), amsgrad)...),
	Build: func(c *Call) {
		c.update(func(decay float64) *ir.Optimiser {
			return op.AdamWOptimiser(c.Number("lr"), c.Number("beta1"), c.Number("beta2"), c.Number("eps"), decay, c.Is("amsgrad"))
		})
	},
})
