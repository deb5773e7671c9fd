package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "adamw",
	Kind:  Optimiser,
	Usage: "adamw [lr] [beta1=0.9] [beta2=0.999] [eps=1e-8] [decay=0.01]",
	Doc:   "Adam with decoupled weight decay, as PyTorch's AdamW: W is multiplied by 1 − lr·decay first.",
	Args:  adamArgs(decay(0.01, "the share of W, times the learning rate, that each step takes away")),
	Build: buildAdam(op.AdamWOptimiser),
})
