package vocab

import (
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
		for _, name := range []string{"stride", "pad"} {
			if c.Given(name) {
				c.Report(c.Problem(diag.UnexpectedArgument, c.Span(name), "`%s global` has one window, all of %v: `%s` means nothing here",
					c.Word.Name, shape, name).
					WithHelp("leave it out"))
				return w, false
			}
		}
		return op.Window{KernelH: shape[1], KernelW: shape[2], StrideH: shape[1], StrideW: shape[2]}, true
	}
	w.KernelH, w.KernelW = c.Pair("kernel")
	w.StrideH, w.StrideW = w.KernelH, w.KernelW
	if c.Given("stride") {
		w.StrideH, w.StrideW = c.Pair("stride")
	}
	w.PadH, w.PadW = c.Pair("pad")
	switch {
	case w.PadH > w.KernelH/2 || w.PadW > w.KernelW/2:
		c.Report(c.Problem(diag.OutOfRange, c.Span("pad"), "`pad` of `%s` is at most half the kernel, %d×%d, but is %d×%d: a window would lie in the border",
			c.Word.Name, w.KernelH, w.KernelW, w.PadH, w.PadW).
			WithHelp("write `pad=%s` or less", pair(w.KernelH/2, w.KernelW/2)))
		return w, false
	case w.KernelH > shape[1]+2*w.PadH || w.KernelW > shape[2]+2*w.PadW:
		c.Report(c.Problem(diag.SizeMismatch, c.Span("kernel"), "the kernel is %d×%d, but %d×%d flow in here%s",
			w.KernelH, w.KernelW, shape[1], shape[2], border(w)).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("write a smaller kernel, or `%s global`", c.Word.Name))
		return w, false
	}
	return w, true
}

// noPlanes words the mistake of another value than [C, H, W].
func (c *Call) noPlanes() diag.Diagnostic {
	shape := c.X.Type.Shape
	d := c.Problem(diag.WrongRank, c.At, "`%s` takes [channels, rows, columns], but %v flows in here", c.Word.Name, shape).
		WithNote(c.Origin(c.X), "%s comes from here", times(shape))
	if len(shape) == 2 && c.X.Role == ir.Input {
		return d.WithHelp("write `%s[1, %d, %d]` if it is an image of one channel", c.X.Name, shape[0], shape[1])
	}
	return d.WithHelp("it stands behind a value with three axes, before `flatten`")
}

// border says how a pad adds to what flows in.
func border(w op.Window) string {
	if w.PadH == 0 && w.PadW == 0 {
		return ""
	}
	return ", with a border of " + times(ir.Shape{w.PadH, w.PadW})
}

// pair writes two numbers as an argument: 2, or [2, 1].
func pair(h, w int) string {
	if h == w {
		return times(ir.Shape{h})
	}
	return ir.Shape{h, w}.String()
}
