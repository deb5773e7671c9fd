package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(&Word{
	Name:  "accuracy",
	Kind:  Metric,
	Usage: "metric accuracy [output]",
	Args:  []Arg{outputArg},
	Doc:   "The share of rows whose class is predicted rightly: the largest score, or a logit's sign under bce_logits.",
	Suits: []ir.TargetKind{ir.Class, ir.Flag},
})
