package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "reshape",
	Kind:  Layer,
	Usage: "reshape [d1, d2, …]",
	Doc: "The same values, row-major, in another shape: [6, 4] becomes [2, 12]. One size may be -1: what is left for it, so that " +
		"`reshape [2, -1]` does the same.",
	Args: []Arg{{Name: "shape", Kind: Integers, Positional: true, Required: true, Min: -1, Max: maxCount,
		Doc: "the sizes of the result's axes"}},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		if shape, ok := c.reshaped(); ok {
			c.Apply(op.Reshape(shape...))
		}
	},
})

// reshaped returns the shape that `reshape` makes of the current value; false after a diagnostic.
func (c *Call) reshaped() (shape ir.Shape, ok bool) {
	written, elements := c.Args["shape"], c.X.Type.Shape.Size()
	if len(written.List) > MostAxes {
		c.Report(c.Problem(diag.LimitExceeded, written.Span, "a value has at most %d axes, but this has %d", MostAxes, len(written.List)).
			WithHelp("join axes: [28, 28] may be [784]"))
		return nil, false
	}
	open, others := -1, 1 // the axis whose size is -1, and how many elements the others give
	for i, x := range written.List {
		size := int(x)
		shape = append(shape, size)
		switch {
		case size == 0:
			c.Report(c.Problem(diag.OutOfRange, written.Spans[i], "a size is at least 1, or -1 for what is left, but this is 0").
				WithHelp("write `%s`", c.Word.Usage))
			return nil, false
		case size < 0 && open >= 0:
			c.Report(c.Problem(diag.OutOfRange, written.Spans[i], "one size may be -1, but this is the second").
				WithNote(written.Spans[open], "the first is here").
				WithHelp("write all sizes but one"))
			return nil, false
		case size < 0:
			open = i
		case size > elements/others:
			others = elements + 1 // or more
		default:
			others *= size
		}
	}
	switch {
	case open >= 0 && elements%others == 0:
		shape[open] = elements / others
		return shape, true
	case open < 0 && elements == others:
		return shape, true
	}
	c.Report(c.Problem(diag.SizeMismatch, written.Span, "%v has no room for exactly the %d elements of %v, which flows in here", shape, elements, c.X.Type.Shape).
		WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
		WithHelp("the sizes must multiply to %d; write -1 for one of them to have it worked out", elements))
	return nil, false
}
