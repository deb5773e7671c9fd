package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "pad",
	Kind:  Layer,
	Usage: "pad size [value=0] [mode=constant|reflect|replicate|circular]",
	Doc: "A border around rows and columns of [C, H, W], before and after the positions of [T, D], or the elements of [D]; the modes are " +
		"those of torch.nn.functional.pad. `pad [4, 0]` before a convolution along T makes it causal.",
	Args: []Arg{
		{Name: "size", Kind: Integers, Positional: true, Required: true, Single: true, Lengths: []int{2, 4}, Max: maxCount,
			Doc: "of [C, H, W] a number for all four sides, [h, w], or [top, bottom, left, right]; else a number or [before, after]"},
		{Name: "value", Kind: Number, Min: -unbounded, Max: unbounded, Doc: "what stands in the border, with `constant`"},
		{Name: "mode", Kind: Choice, Choices: op.Modes, Doc: "what stands in the border: a value, or what is inside"},
	},
	Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		mode := c.Choice("mode")
		border, ok := c.border()
		switch {
		case !ok || !c.borderFits(border, mode):
		case mode != op.Constant && c.Given("value"):
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("value"), "the border of `mode=%s` shows what is inside: `value` means nothing here", mode).
				WithHelp("leave one of the two out"))
		case border == op.Border{}:
			c.Apply(op.Reshape(c.X.Type.Shape...))
		default:
			c.Apply(op.Pad(border, mode, c.Number("value")))
		}
	},
})

// border reads the size of a border around the current value; false after a diagnostic.
func (c *Call) border() (b op.Border, ok bool) {
	sizes, shape := c.Ints("size"), c.X.Type.Shape
	switch axes := len(shape); {
	case axes < 1 || axes > 3:
		c.Report(c.Problem(diag.WrongRank, c.At, "`pad` takes [D], [T, D] or [C, H, W], but %v flows in here", shape).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("`reshape` it before, and back after"))
		return b, false
	case axes < 3 && len(sizes) == 4:
		c.Report(c.Problem(diag.WrongType, c.Span("size"), "%v has one axis that gets a border, but `size` is a list of 4", shape).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("write a number, or `[before, after]`"))
		return b, false
	case len(sizes) == 1:
		sizes = []int{sizes[0], sizes[0], sizes[0], sizes[0]}
	case len(sizes) == 2 && axes == 3:
		sizes = []int{sizes[0], sizes[0], sizes[1], sizes[1]}
	}
	switch len(shape) {
	case 1:
		return op.Border{Left: sizes[0], Right: sizes[1]}, true
	case 2:
		return op.Border{Top: sizes[0], Bottom: sizes[1]}, true
	}
	return op.Border{Top: sizes[0], Bottom: sizes[1], Left: sizes[2], Right: sizes[3]}, true
}

// borderFits reports whether the mode allows the border, and a diagnostic otherwise.
func (c *Call) borderFits(b op.Border, mode string) bool {
	shape := c.X.Type.Shape
	rows, columns := 0, len(shape)-1 // the axes
	if len(shape) == 3 {
		rows = 1
	}
	for _, side := range []struct{ size, axis int }{{b.Top, rows}, {b.Bottom, rows}, {b.Left, columns}, {b.Right, columns}} {
		most, limited := op.Largest(mode, shape[side.axis])
		if !limited || side.size <= most {
			continue
		}
		c.Report(c.Problem(diag.OutOfRange, c.Span("size"), "the border is %d, but `mode=%s` has at most %d beside the %d of axis %d", side.size, mode, most, shape[side.axis], side.axis).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("write less, or `mode=%s`", op.Replicate))
		return false
	}
	return true
}
