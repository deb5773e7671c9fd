package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(&Word{
	Name:  "average",
	Kind:  Setting,
	Usage: "average [decay=0.999]",
	Doc: "Lets a running average A of the trained parameters W predict, which moves less from step to step: after each step A = decay·A + " +
		"(1 − decay)·W, after the first A = W. Evaluation, Predict, predictors and Save use A, Forward and Params W; Load and Set set both.",
	Args: []Arg{{Name: "decay", Kind: Number, Default: 0.999, Min: 0, Max: 1, Below: true, Doc: "of the average, what is left after a step"}},
	Build: func(c *Call) {
		c.Recipe.Average = &ir.Average{Decay: c.Number("decay"), Pos: c.Builder.Pos}
	},
})
