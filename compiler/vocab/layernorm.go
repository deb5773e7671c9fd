package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "layernorm",
	Kind:  Layer,
	Usage: "layernorm [eps=1e-5] [affine=true] [bias=true]",
	Doc: "(x − mean)/√(variance + eps)·w + b, with the mean and the biased variance along the last axis at every position. " +
		"w starts at 1 and b at 0, whatever `init` says.",
	Finishes: true,
	Args: []Arg{
		{Name: "eps", Kind: Number, Default: 1e-5, Max: unbounded, Doc: "what is added to the variance"},
		{Name: "affine", Kind: Bool, Default: 1, Doc: "whether there are w and b at all"},
		{Name: "bias", Kind: Bool, Default: 1, Doc: "whether there is b"},
	},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		affine, bias := c.Is("affine"), c.Is("affine") && c.Is("bias")
		switch shape := c.X.Type.Shape; {
		case !affine && c.Given("bias") && c.Is("bias"):
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("bias"), "without `affine` there is no bias").
				WithHelp("leave one of the two out"))
			return
		case len(shape) == 3:
			c.Report(c.Problem(diag.LastAxisOnly, c.At, "`layernorm` acts on the last axis only: each line of %d values in %v by itself",
				shape.Last(), shape).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("write `groupnorm 1` for one mean and one variance over channels, rows and columns"))
		}
		var params []*ir.Value
		if affine {
			params = append(params, c.Filled("weight", 1, c.X.Type.Shape.Last()))
		}
		if bias {
			params = append(params, c.Filled("bias", 0, c.X.Type.Shape.Last()))
		}
		c.Apply(op.LayerNorm(c.Number("eps"), affine, bias), params...)
	},
})
