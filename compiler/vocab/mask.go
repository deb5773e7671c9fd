package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Words that take sequences of which not every position counts declare mask, length, or both, and read them by Mask.
var (
	mask = Arg{Name: "mask", Kind: Named, Doc: "a value with a number for each position, real or whole: where it is not 0, the position takes part. " +
		"No gradient flows into it"}
	length = Arg{Name: "length", Kind: Named, Doc: "an input that says how many positions take part, the first ones: " +
		"`input n[1] of 9` for up to 8"}
)

// Mask returns the numbers, one for each position, of which those that are not 0 say that a position takes part: of the
// value that `mask` names, which has one of the shapes, the first of them [T], or made of what `length` names, the number of
// positions from the first on. It is nil where neither is given; false after a diagnostic.
func (c *Call) Mask(shapes ...ir.Shape) (numbers *ir.Value, ok bool) {
	byMask, masked := c.Args["mask"]
	byLength, counted := c.Args["length"]
	switch {
	case masked && counted:
		c.Report(c.Problem(diag.UnexpectedArgument, byLength.Span, "`mask` and `length` both say which positions take part").
			WithNote(byMask.Span, "the mask is given here").
			WithHelp("leave one of the two out"))
		return nil, false
	case masked:
		return c.masked(byMask, shapes)
	case counted:
		return c.firstPositions(byLength, shapes[0][0])
	}
	return nil, true
}

// masked returns the numbers of a mask.
func (c *Call) masked(given Value, shapes []ir.Shape) (numbers *ir.Value, ok bool) {
	m := given.Named[0]
	if !slices.ContainsFunc(shapes, func(s ir.Shape) bool { return slices.Equal(s, m.Type.Shape) }) {
		d := c.Problem(diag.ShapesDiffer, given.Span, "`%s` is %v, but a mask of what flows in here, %v, is %v", given.Text, m.Type.Shape, c.X.Type.Shape, shapes[0])
		for _, s := range shapes[1:] {
			d.Summary += " or " + s.String()
		}
		c.Report(d.WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
			WithHelp("a mask has a number for each position: `input mask%v of 2`, for example", shapes[0]))
		return nil, false
	}
	if m.Type.Kind == ir.F32 {
		return m, true
	}
	return c.Builder.Node(c.Name+".mask", op.NotZero(), m)[0], true
}

// firstPositions returns the numbers of a mask whose first positions take part.
func (c *Call) firstPositions(given Value, positions int) (numbers *ir.Value, ok bool) {
	n := given.Named[0]
	if !n.Type.Equal(ir.Classes(positions+1, 1)) {
		c.Report(c.Problem(diag.WrongType, given.Span, "`length` counts the positions of %v, from 0 to %d, which `%s` does not", c.X.Type.Shape, positions, given.Text).
			WithNote(c.Origin(n), "`%s` comes from here", given.Text).
			WithHelp("declare it as `input %s[1] of %d`", given.Text, positions+1))
		return nil, false
	}
	return c.Builder.Node(c.Name+".mask", op.FirstPositions(positions), n)[0], true
}
