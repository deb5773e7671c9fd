package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(measure("exact_match",
	"The share of rows whose classes are right at all positions, or whose start and end both are. What is ignored does not count, nor does "+
		"a row without anything else.",
	ir.Class, ir.Span))
