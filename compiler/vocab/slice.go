package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "slice",
	Kind:  Layer,
	Usage: "slice start end [axis=last]",
	Doc: "The positions from `start` to before `end` along an axis, which stays: `slice 0 1 axis=0` of [5, 8] gives [1, 8]. What is below 0 " +
		"counts from the end.",
	Args: []Arg{
		{Name: "start", Kind: Integer, Positional: true, Required: true, Min: -maxCount, Max: maxCount, Doc: "the first position"},
		{Name: "end", Kind: Integer, Positional: true, Required: true, Min: -maxCount, Max: maxCount, Doc: "the position after the last"},
		axis},
	Build: func(c *Call) {
		along, ok := c.Axis()
		if !ok {
			return
		}
		length := c.X.Type.Shape[along]
		start, within := c.position("start", length)
		end, also := c.position("end", length)
		switch {
		case !within || !also:
		case start >= end:
			c.Report(c.Problem(diag.OutOfRange, c.Span("end"), "no position is left between %d and %d of %d along axis %d", start, end, length, along).
				WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
				WithHelp("`end` is after the last position that stays: `slice 0 %d` is all of them", length))
		case end-start == length:
			c.Apply(op.Reshape(c.X.Type.Shape...))
		default:
			c.Apply(op.Slice(start, end, along))
		}
	},
})

// position returns an argument that says a position between 0 and length, or counts from there if it is below 0; false
// after a diagnostic.
func (c *Call) position(name string, length int) (at int, ok bool) {
	at = c.Int(name)
	if at < 0 {
		at += length
	}
	if at >= 0 && at <= length {
		return at, true
	}
	c.Report(c.Problem(diag.OutOfRange, c.Span(name), "`%s` is between -%d and %[2]d here, where %v flows in, but is %d", name, length, c.X.Type.Shape, c.Int(name)).
		WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
		WithHelp("positions count from 0, or from the end if they are below 0; `axis` says along which axis"))
	return 0, false
}
