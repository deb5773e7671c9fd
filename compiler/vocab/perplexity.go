package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("perplexity",
	"e to the mean cross-entropy, without smoothing and class weights.",
	ir.Class))
