package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:     "rmsnorm",
	Kind:     Layer,
	Usage:    "rmsnorm [eps=1.1920929e-7] [affine=true]",
	Doc:      "x/√(mean of x² + eps)·w along the last axis at every position. w starts at 1, whatever `init` says. There is no bias.",
	Finishes: true,
	Args: []Arg{
		{Name: "eps", Kind: Number, Default: 1.1920929e-7, Max: unbounded, Doc: "what is added to the mean of the squares"},
		{Name: "affine", Kind: Bool, Default: 1, Doc: "whether there is w"},
	},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		shape := c.X.Type.Shape
		if len(shape) == 3 {
			c.Report(c.Problem(diag.LastAxisOnly, c.At, "`rmsnorm` acts on the last axis only: each line of %d values in %v by itself",
				shape.Last(), shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("put `flatten` before it for one mean over channels, rows and columns"))
		}
		var params []*ir.Value
		if c.Is("affine") {
			params = append(params, c.Filled("weight", 1, shape.Last()))
		}
		c.Apply(op.RMSNorm(c.Number("eps"), c.Is("affine")), params...)
	},
})
