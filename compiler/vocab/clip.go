package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "clip",
	Kind:  Setting,
	Usage: "clip [norm] [value=]",
	Doc: "Bounds gradients, before any decay. With a norm, the gradients of all parameters that are trained are scaled by " +
		"min(1, norm/(‖all of them‖ + 1e-6)), as torch.nn.utils.clip_grad_norm_ does. With value= each element of each gradient " +
		"is cut to ±value. One of the two.",
	Args: []Arg{
		{Name: "norm", Kind: Number, Positional: true, Default: unset, Min: 0, Above: true, Max: unbounded, Doc: "the largest norm of all gradients together"},
		{Name: "value", Kind: Number, Default: unset, Min: 0, Above: true, Max: unbounded, Doc: "the largest magnitude of an element"},
	},
	Build: func(c *Call) {
		norm, value := c.Number("norm"), c.Number("value")
		switch {
		case c.Given("norm") && c.Given("value"):
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("value"), "`clip` takes a norm or `value=`, not both").
				WithHelp("leave one of them out"))
		case c.Given("norm"):
			c.Recipe.Clip = &ir.Clip{Pos: c.Builder.Pos, Attrs: ir.Attrs{{Name: "norm", Value: norm}}, Scale: func(gradients int) *ir.Op { return op.ClipScale(norm, gradients) }}
		case c.Given("value"):
			c.Recipe.Clip = &ir.Clip{Pos: c.Builder.Pos, Attrs: ir.Attrs{{Name: "value", Value: value}}, Each: op.ClipValue(value)}
		default:
			c.Report(c.Problem(diag.MissingArgument, c.At, "`clip` needs a norm, or `value=`").
				WithHelp("write `clip 1.0`, or `clip value=0.5`"))
		}
	},
})
