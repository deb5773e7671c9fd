package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("precision",
	"The share of the predictions of a class that are right, 0 where there are none: of flags that of class 1, of classes the mean over those that occur among truths or predictions.",
	ir.Class, ir.Flag))
