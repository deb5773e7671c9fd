package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(likeOutput("bce_logits",
	"The binary cross-entropy of logits and targets in [0, 1]: the mean of max(x, 0) − x·t + log(1 + exp(−|x|)).",
	op.BCELogits, func(c *Call) { appliedTwice(c, "sigmoid") }))
