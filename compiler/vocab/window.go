package vocab

import (
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// poolArgs declares the arguments of a pool over rows and columns.
func poolArgs() []Arg {
	two := []int{2}
	return []Arg{
		{Name: "kernel", Kind: Integers, Positional: true, Required: true, Single: true, Lengths: two, Min: 1, Max: maxCount,
			Choices: []string{"global"}, Doc: "the window's rows and columns; global is all there are"},
		{Name: "stride", Kind: Integers, Single: true, Lengths: two, Default: unset, Min: 1, Max: maxCount,
			Doc: "how far windows are apart; as much as they are large where it is left out"},
		{Name: "pad", Kind: Integers, Single: true, Lengths: two, Max: maxCount, Doc: "the border around rows and columns, at most half the kernel"},
	}
}

// poolArgsAlongT declares the arguments of a pool over positions.
func poolArgsAlongT() []Arg {
	return []Arg{
		{Name: "kernel", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount,
			Choices: []string{"global"}, Doc: "the window's positions; global is all there are"},
		{Name: "stride", Kind: Integer, Default: unset, Min: 1, Max: maxCount,
			Doc: "how far windows are apart; as much as they are large where it is left out"},
		{Name: "pad", Kind: Integer, Max: maxCount, Doc: "the border before the first and after the last position, at most half the kernel"},
	}
}

// window returns the window of a pool over the current value, [C, H, W]; false after a diagnostic.
func (c *Call) window() (w op.Window, ok bool) {
	if !c.Floats() {
		return w, false
	}
	shape := c.X.Type.Shape
	if len(shape) != 3 {
		c.Report(c.noPlanes())
		c.X = detached(ir.Row(1, 1, 1))
		return w, false
	}
	if c.Choice("kernel") == "global" {
		return op.Window{KernelH: shape[1], KernelW: shape[2], StrideH: shape[1], StrideW: shape[2]}, c.isOneWindow(shape)
	}
	w.KernelH, w.KernelW = c.Pair("kernel")
	w.StrideH, w.StrideW = w.KernelH, w.KernelW
	if c.Given("stride") {
		w.StrideH, w.StrideW = c.Pair("stride")
	}
	w.PadH, w.PadW = c.Pair("pad")
	return w, c.fits(w, shape[1:])
}

// windowAlongT is window over [T, D].
func (c *Call) windowAlongT() (w op.Window, ok bool) {
	if !c.Floats() {
		return w, false
	}
	shape := c.X.Type.Shape
	if len(shape) != 2 {
		c.Report(c.noSequence())
		c.X = detached(ir.Row(1, 1))
		return w, false
	}
	if c.Choice("kernel") == "global" {
		return op.Window{KernelH: shape[0], StrideH: shape[0]}, c.isOneWindow(shape)
	}
	w.KernelH = c.Int("kernel")
	w.StrideH, w.PadH = w.KernelH, c.Int("pad")
	if c.Given("stride") {
		w.StrideH = c.Int("stride")
	}
	return w, c.fits(w, shape[:1])
}

// isOneWindow reports whether no argument stands beside `global`, and a diagnostic otherwise.
func (c *Call) isOneWindow(shape ir.Shape) bool {
	for _, name := range []string{"stride", "pad"} {
		if c.Given(name) {
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span(name), "`%s global` has one window, all of %v: `%s` means nothing here",
				c.Word.Name, shape, name).
				WithHelp("leave it out"))
			return false
		}
	}
	return true
}

// fits reports whether the window has a part in every place along the axes that it pools, and a diagnostic otherwise.
func (c *Call) fits(w op.Window, axes ir.Shape) bool {
	kernel, pad := ir.Shape{w.KernelH, w.KernelW}[:len(axes)], ir.Shape{w.PadH, w.PadW}[:len(axes)]
	half, wide, large := ir.Shape{}, false, false
	for i, size := range axes {
		half = append(half, kernel[i]/2)
		wide = wide || pad[i] > half[i]
		large = large || kernel[i] > size+2*pad[i]
	}
	switch {
	case wide:
		c.Report(c.Problem(diag.OutOfRange, c.Span("pad"), "`pad` of `%s` is at most half the kernel, %s, but is %s: a window would lie in the border",
			c.Word.Name, times(kernel), times(pad)).
			WithHelp("write `pad=%s` or less", sizes(half)))
		return false
	case large:
		positions := ""
		if len(axes) == 1 {
			positions = " positions"
		}
		c.Report(c.Problem(diag.SizeMismatch, c.Span("kernel"), "the kernel is %s, but %s%s flow in here%s",
			times(kernel), times(axes), positions, border(pad)).
			WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
			WithHelp("write a smaller kernel, or `%s global`", c.Word.Name))
		return false
	}
	return true
}

// noPlanes words the mistake of another value than [C, H, W].
func (c *Call) noPlanes() diag.Diagnostic {
	shape := c.X.Type.Shape
	d := c.Problem(diag.WrongRank, c.At, "`%s` takes [channels, rows, columns], but %v flows in here", c.Word.Name, shape).
		WithNote(c.Origin(c.X), "%s comes from here", times(shape))
	if len(shape) == 2 && c.X.Role == ir.Input {
		return d.WithHelp("write `%s[1, %d, %d]` if it is an image of one channel", c.X.Name, shape[0], shape[1])
	}
	if along := c.Word.Name + "1d"; len(shape) == 2 && Find(along, Layer) != nil {
		return d.WithHelp("`%s` is for sequences", along)
	}
	return d.WithHelp("it stands after a value with three axes, before `flatten`")
}

// noSequence words the mistake of another value than [T, D].
func (c *Call) noSequence() diag.Diagnostic {
	shape := c.X.Type.Shape
	d := c.Problem(diag.WrongRank, c.At, "`%s` takes a sequence [T, D], but %v flows in here", c.Word.Name, shape).
		WithNote(c.Origin(c.X), "%s comes from here", times(shape))
	switch images, along := strings.CutSuffix(c.Word.Name, "1d"); {
	case len(shape) == 3 && along:
		return d.WithHelp("`%s` is for images", images)
	case len(shape) == 3:
		return d.WithHelp("write `reshape [%d, -1]` before it if the first axis is the positions", shape[0])
	case len(shape) == 1:
		return d.WithHelp("write `reshape [%d, 1]` before it if these are the values of one quantity", shape[0])
	}
	return d.WithHelp("it stands after a value with two axes")
}

// border says how a pad adds to what flows in.
func border(pad ir.Shape) string {
	if pad[0] == 0 && pad.Last() == 0 {
		return ""
	}
	return ", with a border of " + times(pad)
}

// sizes writes numbers as an argument: 2, or [2, 1].
func sizes(list ir.Shape) string {
	if list[0] == list.Last() {
		return times(list[:1])
	}
	return list.String()
}
