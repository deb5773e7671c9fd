package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "top",
	Kind:  Metric,
	Usage: "metric top [output] [k=5]",
	Doc: "The share of rows, or of positions, whose class is among the k largest scores; of equal scores that of the lower index is the " +
		"larger, so that k=1 is accuracy. It is reported with its number, and `nnc train` takes it so: top:5.",
	Args:  []Arg{outputArg, {Name: "k", Kind: Integer, Default: 5, Min: 1, Max: maxCount, Doc: "how many scores, at most one for each class"}},
	Suits: []ir.TargetKind{ir.Class},
	Build: func(c *Call) {
		c.Measured = c.Int("k")
		if classes := c.X.Type.Shape.Last(); c.Measured > classes {
			c.Report(c.Problem(diag.OutOfRange, c.Span("k"), "`top` looks for the class among the %d largest scores, but there are only %d", c.Measured, classes).
				WithNote(c.Origin(c.X), "%d comes from here", classes).
				WithHelp("write `k=%d` or less", max(classes-1, 1)))
		}
	},
})
