package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("recall",
	"The share of the rows of a class that are found, 0 where there are none: of flags that of class 1, of classes the mean over those that occur among truths or predictions.",
	ir.Class, ir.Flag))
