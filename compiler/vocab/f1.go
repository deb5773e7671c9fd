package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("f1",
	"The harmonic mean of precision and recall of a class, 0 where both are: of flags that of class 1, of classes the mean over those that occur among truths or predictions.",
	ir.Class, ir.Flag))
