package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("accuracy",
	"The share of rows, or of positions, whose class is predicted rightly: that of the largest score, the first of equals; of flags the likelier one.",
	ir.Class, ir.Flag))
