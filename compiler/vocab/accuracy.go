package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "accuracy",
	Kind:  Metric,
	Usage: "metric accuracy [output]",
	Args:  []Arg{judged},
	Doc:   "The share of rows whose class is predicted rightly: the largest score, or a logit's sign under bce_logits.",
	Build: func(c *Call) {
		if !slices.ContainsFunc(c.Losses, func(loss string) bool { return loss == "cross_entropy" || loss == "bce_logits" }) {
			c.Report(c.Problem(diag.MetricMisfit, c.At, "`accuracy` counts right classes, but the target is a quantity").
				WithHelp("write `metric mae` or `metric r2`"))
		}
	},
})
