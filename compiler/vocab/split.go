package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:   "split",
	Kind:   Structure,
	InBody: true,
	Usage:  "split name[size] other[size] … [axis=last]",
	Doc: "Cuts the current value into parts along an axis and names them; the first becomes current. Without sizes the parts are " +
		"equal. `concat` of the others restores the whole.",
	Args: []Arg{
		{Name: "name[size]", Kind: Free, Positional: true, Required: true, Many: true, Doc: "a part's name, and its size"},
		axis},
	Build: func(c *Call) {
		along, ok := c.Axis()
		if !ok {
			return
		}
		whole, stated, sum := c.X.Type.Shape[along], 0, 0
		for _, size := range c.Sizes {
			if sum += size; size > 0 {
				stated++
			}
		}
		parts := len(c.Sizes)
		origin := func(d diag.Diagnostic) diag.Diagnostic {
			return d.WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape))
		}
		switch {
		case stated == 0 && whole%parts != 0:
			c.Report(origin(c.Problem(diag.UnevenSplit, c.At, "%d values along axis %d cannot be split into %d equal parts", whole, along, parts)).
				WithHelp("write the sizes, as `a[%d] b[%d]`", 1, whole-1))
			return
		case stated == 0:
			for i := range c.Sizes {
				c.Sizes[i] = whole / parts
			}
		case stated < parts:
			c.Report(c.Problem(diag.UnevenSplit, c.At, "%d of the %d parts have no size", parts-stated, parts).
				WithHelp("write all sizes, or none"))
			return
		case sum != whole:
			c.Report(origin(c.Problem(diag.UnevenSplit, c.At, "the parts have %d values together, but %d flow in along axis %d", sum, whole, along)).
				WithHelp("the sizes must sum to %d", whole))
			return
		}
		c.Parts = c.Builder.Named(c.Names, op.Split(c.Sizes, along), c.X)
		c.X = c.Parts[0]
	},
})
