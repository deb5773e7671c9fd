package vocab

import (
	"math"
	"strconv"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "linear",
	Kind:  Layer,
	Usage: "linear [in->]out [bias=true] [tied=label]",
	Doc: "y = x·Wᵀ + b along the last axis. Weights and biases start uniform in ±1/√in, as PyTorch's nn.Linear. " +
		"The first size may be left out where it follows from what flows in.",
	Args: []Arg{
		{Name: "size", Kind: Sizes, Positional: true, Required: true, Doc: "the sizes of the last axis, before and after"},
		{Name: "bias", Kind: Bool, Default: 1, Doc: "whether b is added"},
		{Name: "tied", Kind: Labelled, Doc: "the layer above whose weight, and bias if it has one, this layer shares"},
	},
	Input: func(c *Call) ir.Shape {
		if v := c.Args["size"]; v.Arrow {
			return ir.Shape{int(v.Number)}
		}
		return nil
	},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		size, shape := c.Args["size"], c.X.Type.Shape
		if len(shape) == 0 {
			c.Report(c.Problem(diag.WrongRank, c.At, "`linear` needs at least one axis, but a single number flows in here").
				WithNote(c.Origin(c.X), "`%s` comes from here", c.X.Name).
				WithHelp("declare the input as `%s[1]`", c.X.Name))
			shape = ir.Shape{1}
			c.X = detached(ir.Row(shape...))
		}
		in, out := shape.Last(), int(size.Number)
		if size.Arrow {
			out = int(size.To)
			if stated := int(size.Number); stated != in {
				c.Report(mismatch(c, stated, in))
				c.X = detached(ir.Row(append(shape[:len(shape)-1:len(shape)-1], stated)...))
				in = stated
			}
		} else if len(shape) > 1 && c.X.Role == ir.Input {
			c.Report(c.Problem(diag.LastAxisOnly, c.At, "`linear` acts on the last axis only: %v becomes %v here",
				shape, append(shape[:len(shape)-1:len(shape)-1], out)).
				WithHelp("put `flatten` before it, or write `linear %d->%d` if that is meant", in, out))
		}
		if !c.Fits(size.Span, "the weight", out, in) {
			c.X = detached(ir.Row(append(shape[:len(shape)-1:len(shape)-1], out)...))
			return
		}
		init := ir.Init{Uniform: 1 / math.Sqrt(float64(in))}
		params := []*ir.Value{c.Param("weight", init, out, in)}
		if c.Is("bias") {
			params = append(params, c.Param("bias", init, out))
		}
		c.Apply(op.Linear(c.Is("bias")), params...)
	},
})

// mismatch words the mistake of a stated size that is not what flows in.
func mismatch(c *Call, stated, in int) diag.Diagnostic {
	size, shape := c.Args["size"], c.X.Type.Shape
	d := c.Problem(diag.SizeMismatch, size.From, "linear %d->%d takes %d values along the last axis, but %d flow in here",
		stated, int(size.To), stated, in).
		WithNote(c.Origin(c.X), "%s comes from here", times(shape))
	if shape.Size() == stated && len(shape) > 1 {
		return d.WithHelp("put `flatten` before it")
	}
	return d.WithHelp("write `linear %d->%d`, or `linear %d`", in, int(size.To), int(size.To))
}

// times writes a shape as people say it: 28×28.
func times(s ir.Shape) string {
	text := ""
	for i, d := range s {
		if i > 0 {
			text += "×"
		}
		text += strconv.Itoa(d)
	}
	return text
}
