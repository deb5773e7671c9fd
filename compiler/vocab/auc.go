package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("auc",
	"The probability that a row of class 1 scores above one of class 0, equal scores counting half; of several flags the mean. Undefined for a flag of one class only.",
	ir.Flag))
