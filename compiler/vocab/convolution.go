package vocab

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// convolving is the common part of the words of convolutions: over images [C, H, W], or over sequences [T, D].
type convolving struct {
	sequence   bool
	transposed bool
}

// args declares the arguments.
func (k convolving) args() []Arg {
	size := func(a Arg) Arg {
		if a.Kind = Integers; k.sequence {
			a.Kind = Integer
		} else {
			a.Single, a.Lengths = true, []int{2}
		}
		a.Max = maxCount
		return a
	}
	of, last := "rows and columns", "the channels, the first axis, before and after"
	if k.sequence {
		of, last = "positions", "the last axis, before and after"
	}
	pad := size(Arg{Name: "pad", Doc: "how many zeros stand before and after the " + of})
	if !k.transposed {
		pad.Choices = []string{"same"}
		pad.Doc += "; same is as many as keep the size, where the stride is 1"
	} else {
		pad.Doc = "by how much the result is smaller before and after its " + of
	}
	args := []Arg{
		{Name: "size", Kind: Sizes, Positional: true, Required: true, Doc: last},
		size(Arg{Name: "kernel", Required: true, Min: 1, Doc: "the window's " + of}),
		size(Arg{Name: "stride", Default: 1, Min: 1, Doc: "how far windows are apart"}),
		pad,
	}
	if k.transposed {
		args = append(args, size(Arg{Name: "output_pad", Doc: "by how much the result is larger after its " + of + ", below stride or dilation"}))
	}
	return append(args,
		size(Arg{Name: "dilation", Default: 1, Min: 1, Doc: "how far the window's elements are apart"}),
		Arg{Name: "groups", Kind: Integer, Default: 1, Min: 1, Max: maxCount, Doc: "in how many groups the channels come, each made of a group alone"},
		Arg{Name: "bias", Kind: Bool, Default: 1, Doc: "whether b is added"})
}

// extent is a number for rows and one for columns.
type extent struct{ h, w int }

// extent returns an argument; along a sequence there is one row, for which it is row.
func (k convolving) extent(c *Call, name string, row int) extent {
	if k.sequence {
		return extent{row, c.Int(name)}
	}
	h, w := c.Pair(name)
	return extent{h, w}
}

// shape is an extent as the sizes of the axes.
func (k convolving) shape(e extent) ir.Shape {
	if k.sequence {
		return ir.Shape{e.w}
	}
	return ir.Shape{e.h, e.w}
}

// write writes an extent as an argument.
func (k convolving) write(e extent) string { return sizes(k.shape(e)) }

// channels returns those that flow in and those that the layer makes; false after a diagnostic.
func (k convolving) channels(c *Call) (in, out int, ok bool) {
	if !c.Floats() {
		return 0, 0, false
	}
	shape := c.X.Type.Shape
	switch {
	case k.sequence && len(shape) != 2:
		c.Report(c.noSequence())
		c.X = detached(ir.Row(1, 1))
		return 0, 0, false
	case !k.sequence && len(shape) != 3:
		c.Report(c.noPlanes())
		c.X = detached(ir.Row(1, 1, 1))
		return 0, 0, false
	}
	if in = shape[0]; k.sequence {
		in = shape[1]
	}
	size, groups := c.Args["size"], c.Int("groups")
	if out = int(size.Number); size.Arrow {
		out = int(size.To)
		if stated := int(size.Number); stated != in {
			c.Report(c.Problem(diag.SizeMismatch, size.From, "%s %d->%d takes %d channels, but %d flow in here", c.Word.Name, stated, out, stated, in).
				WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
				WithHelp("write `%s %d->%d`, or `%s %d`", c.Word.Name, in, out, c.Word.Name, out))
			return 0, 0, false
		}
	}
	for _, side := range []struct {
		channels int
		which    string
	}{{in, "flow in"}, {out, "are made"}} {
		if side.channels%groups != 0 {
			c.Report(c.Problem(diag.SizeMismatch, c.Span("groups"), "%d groups do not divide the %d channels that %s", groups, side.channels, side.which).
				WithHelp("write a number of groups that divides %d and %d", in, out))
			return 0, 0, false
		}
	}
	return in, out, true
}

// window returns the convolution's window and how it goes over the image.
func (k convolving) window(c *Call) (kernel extent, conv op.Convolution, ok bool) {
	kernel = k.extent(c, "kernel", 1)
	stride, dilation, pad := k.extent(c, "stride", 1), k.extent(c, "dilation", 1), k.extent(c, "pad", 0)
	conv = op.Convolution{StrideH: stride.h, StrideW: stride.w, PadH: pad.h, PadW: pad.w, EndH: pad.h, EndW: pad.w,
		DilationH: dilation.h, DilationW: dilation.w, Groups: c.Int("groups")}
	if c.Choice("pad") == "same" {
		if stride != (extent{1, 1}) {
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("pad"), "`pad=same` keeps the size, but `stride=%s` makes it smaller", k.write(stride)).
				WithHelp("write how many zeros there shall be: `pad=1`, say; or leave out `stride`"))
			return kernel, conv, false
		}
		more := extent{dilation.h * (kernel.h - 1), dilation.w * (kernel.w - 1)}
		conv.PadH, conv.PadW = more.h/2, more.w/2
		conv.EndH, conv.EndW = more.h-conv.PadH, more.w-conv.PadW
	}
	return kernel, conv, true
}

// weight is the shape of a weight.
func (k convolving) weight(first, second int, kernel extent) []int {
	return append([]int{first, second}, k.shape(kernel)...)
}

// params adds the weight and the bias, where there is one. Both start uniform by the fan-in that PyTorch takes, that of
// the weight's second axis.
func (k convolving) params(c *Call, weight []int, out int) []*ir.Value {
	init := ir.Init{Uniform: 1 / math.Sqrt(float64(ir.Shape(weight)[1:].Size()))}
	params := []*ir.Value{c.Param("weight", init, weight...)}
	if c.Is("bias") {
		params = append(params, c.Param("bias", init, out))
	}
	return params
}

// build adds a convolution.
func (k convolving) build(c *Call) {
	in, out, ok := k.channels(c)
	if !ok {
		return
	}
	kernel, conv, ok := k.window(c)
	if !ok {
		return
	}
	weight := k.weight(out, in/conv.Groups, kernel)
	rows, columns := conv.Over(c.X.Type.Shape, weight)
	if rows < 1 || columns < 1 {
		shape := c.X.Type.Shape
		c.Report(c.Problem(diag.SizeMismatch, c.Span("kernel"), "the kernel reaches over %s, but %s flow in here%s", k.write(k.reach(kernel, conv)),
			k.flowing(shape), border(k.shape(extent{conv.PadH, conv.PadW}))).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("write a smaller kernel, or a larger `pad`"))
		return
	}
	made := ir.Shape{out, rows, columns}
	if k.sequence {
		made = ir.Shape{columns, out}
	}
	if !c.Fits(c.Args["size"].Span, "the weight", weight...) || !c.Fits(c.Args["size"].Span, "the result", made...) {
		c.X = detached(ir.Row(made...))
		return
	}
	c.Apply(op.Conv(conv, c.Is("bias")), k.params(c, weight, out)...)
}

// reach is how far a window reaches, with what lies between its elements.
func (k convolving) reach(kernel extent, conv op.Convolution) extent {
	return extent{conv.DilationH*(kernel.h-1) + 1, conv.DilationW*(kernel.w-1) + 1}
}

// flowing writes the extent of what flows in.
func (k convolving) flowing(shape ir.Shape) string {
	if k.sequence {
		return times(shape[:1])
	}
	return times(shape[1:])
}
