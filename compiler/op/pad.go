package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Border is how many places a value gets around those that it has: rows above and below, columns to the left and to the
// right of [C, H, W]; of [T, D] Top is before the first position and Bottom behind the last, and of [D] Left and Right are.
type Border struct{ Top, Bottom, Left, Right int }

// The modes of a border, which are those of torch.nn.functional.pad.
const (
	Constant  = "constant"
	Reflect   = "reflect"
	Replicate = "replicate"
	Circular  = "circular"
)

// Modes lists them.
var Modes = []string{Constant, Reflect, Replicate, Circular}

// Largest is the most places that a border of a mode may have on each side of size places; false if there is no limit.
func Largest(mode string, size int) (most int, limited bool) {
	switch mode {
	case Reflect:
		return size - 1, true
	case Circular:
		return size, true
	}
	return 0, false
}

// around returns a shape with the border as often, −1 times without it.
func (b Border) around(s ir.Shape, times int) ir.Shape {
	return resized(s, func(size int) int { return size + times*(b.Top+b.Bottom) }, func(size int) int { return size + times*(b.Left+b.Right) })
}

// fits reports whether a border may lie around a grid.
func (b Border) fits(g grid, mode string) error {
	for _, side := range []struct{ border, size int }{{b.Top, g.height}, {b.Bottom, g.height}, {b.Left, g.width}, {b.Right, g.width}} {
		if most, limited := Largest(mode, side.size); side.border < 0 || limited && side.border > most {
			return fmt.Errorf("%s: no border of %d beside %d places", mode, side.border, side.size)
		}
	}
	return nil
}

// source returns the place that stands at one outside of so many, or inside; −1 for the constant.
func source(mode string, at, size int) int {
	switch inside := at >= 0 && at < size; {
	case inside:
		return at
	case mode == Reflect && at < 0:
		return -at
	case mode == Reflect:
		return 2*(size-1) - at
	case mode == Replicate:
		return min(max(at, 0), size-1)
	case mode == Circular:
		return (at + size) % size
	}
	return -1
}

// each goes through the elements with the border around, of all rows of a grid: their numbers, and those of the elements
// that stand there, −1 for the constant.
func (b Border) each(g grid, mode string, count int, f func(at, of int)) {
	height, width := b.Top+g.height+b.Bottom, b.Left+g.width+b.Right
	for at := range count {
		inner, place := at%g.inner, at/g.inner
		row, column := source(mode, place/width%height-b.Top, g.height), source(mode, place%width-b.Left, g.width)
		if of := -1; row < 0 || column < 0 {
			f(at, of)
		} else {
			f(at, ((place/width/height*g.height+row)*g.width+column)*g.inner+inner)
		}
	}
}

// attrs lists a border for a card.
func (b Border) attrs(mode string) ir.Attrs {
	return append(wholes("top", b.Top, "bottom", b.Bottom, "left", b.Left, "right", b.Right), ir.Attr{Name: "mode", Text: mode})
}

// call is the call of a kernel for rows of a shape without the border.
func (b Border) call(n *ir.Node, kernel, mode string, x ir.Shape) ir.Call {
	g, _ := gridOf(x)
	fields := append(g.lying(n).fields(), wholes("Top", b.Top, "Bottom", b.Bottom, "Left", b.Left, "Right", b.Right)...)
	suffix := map[string]string{Reflect: "Reflect", Replicate: "Replicate", Circular: "Circular"}[mode]
	return ir.Call{Kernel: "Pad" + suffix + kernel, Rows: 1, Geometry: &ir.Geometry{Type: "Padding", Fields: fields}}
}

var (
	_ = register(func() *ir.Op { return Pad(Border{Left: 2, Right: 3}, Constant, -1.5) }, in(row(4)))
	_ = register(func() *ir.Op { return Pad(Border{Top: 2}, Constant, 0) }, in(row(3, 5)), in(row(2, 3, 4)))
	_ = register(func() *ir.Op { return Pad(Border{3, 1, 1, 2}, Reflect, 0) }, in(row(2, 4, 3)))
	_ = register(func() *ir.Op { return Pad(Border{Top: 3, Bottom: 4}, Reflect, 0) }, in(row(5, 3)))
	_ = register(func() *ir.Op { return Pad(Border{Left: 1, Right: 2}, Reflect, 0) }, in(row(3)))
	_ = register(func() *ir.Op { return Pad(Border{0, 4, 3, 2}, Replicate, 0) }, in(row(2, 3, 2)), in(row(3, 1, 1)))
	_ = register(func() *ir.Op { return Pad(Border{1, 3, 2, 2}, Circular, 0) }, in(row(2, 3, 2)))
)

// Pad puts a border around x: the value where the mode is Constant, else what Reflect, Replicate and Circular mean in
// torch.nn.functional.pad. Reflect is for borders smaller than the axis, Circular for none larger.
func Pad(border Border, mode string, value float64) *ir.Op {
	attrs := border.attrs(mode)
	what := "its own values, " + mode
	if mode == Constant {
		attrs = append(attrs, ir.Attr{Name: "value", Value: value})
		what = fmt.Sprint("of ", value)
	}
	return &ir.Op{
		Name:    "pad",
		Attrs:   attrs,
		Doc:     "y = x with a border around it",
		Formula: "{y} = {0} with a border " + what,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if !x.Batch || x.Kind != ir.F32 {
				return nil, fmt.Errorf("x %v is no row of numbers", x)
			}
			g, err := gridOf(x.Shape)
			if err == nil {
				err = border.fits(g, mode)
			}
			if err != nil {
				return nil, err
			}
			return []ir.Type{ir.Row(border.around(x.Shape, 1)...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, PadGrad(border, mode), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			g, _ := gridOf(xs[0].Type.Shape)
			border.each(g, mode, len(ys[0].Data), func(at, of int) {
				if ys[0].Data[at] = value; of >= 0 {
					ys[0].Data[at] = xs[0].Data[of]
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			call := border.call(n, "", mode, n.In[0].Type.Shape)
			if mode == Constant {
				call.Consts = []ir.Constant{ir.Number(value)}
			}
			return call
		},
		Torch: func(n *ir.Node) ir.Torch { return border.torch(n.In[0].Type.Shape, mode, value) },
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{border.onnx(onnx{o}, mode, value, n.In[0].Type.Shape, in[0])}
		},
		Order: ir.Planes,
	}
}

// onnx pads x [n, …] of rows of that shape.
func (b Border) onnx(o onnx, mode string, value float64, shape ir.Shape, x string) string {
	first, sides := 1, [][2]int{{b.Top, b.Bottom}}
	switch len(shape) {
	case 1:
		sides = [][2]int{{b.Left, b.Right}}
	case 3:
		first, sides = 2, append(sides, [2]int{b.Left, b.Right})
	}
	if mode == Circular && o.Opset() < 19 { // no operator goes round: each axis gets what stands at its other end
		for i, side := range sides {
			size := shape[first+i-1]
			parts := []string{x}
			if side[0] > 0 {
				parts = append([]string{o.cut(x, first+i, size-side[0], size)}, parts...)
			}
			if side[1] > 0 {
				parts = append(parts, o.cut(x, first+i, 0, side[1]))
			}
			x = o.op(13, "Concat", with("axis", first+i), parts...)
		}
		return x
	}
	axes := 1 + len(shape)
	pads := make([]int, 2*axes)
	for i, side := range sides {
		pads[first+i], pads[axes+first+i] = side[0], side[1]
	}
	switch x := []string{x, o.list(pads...)}; mode {
	case Reflect:
		return o.op(13, "Pad", with("mode", "reflect"), x...)
	case Replicate:
		return o.op(13, "Pad", with("mode", "edge"), x...)
	case Circular:
		return o.op(19, "Pad", with("mode", "wrap"), x...)
	default:
		return o.op(13, "Pad", with("mode", "constant"), append(x, o.Floats(nil, value))...)
	}
}

var (
	_ = register(func() *ir.Op { return PadGrad(Border{Top: 1, Left: 2, Right: 1}, Constant) }, in(row(2, 4, 5)))
	_ = register(func() *ir.Op { return PadGrad(Border{2, 1, 1, 2}, Reflect) }, in(row(2, 6, 6)))
	_ = register(func() *ir.Op { return PadGrad(Border{Top: 3, Bottom: 1}, Replicate) }, in(row(6, 3)))
	_ = register(func() *ir.Op { return PadGrad(Border{Left: 4, Right: 4}, Circular) }, in(row(12)))
)

// PadGrad is ∂x of Pad: each element of ∂y that stands in the border adds to that which it shows. The sum begins with the
// element's own row, and in each row with its own column; the others follow from the first on.
func PadGrad(border Border, mode string) *ir.Op {
	return &ir.Op{
		Name:    "pad_grad",
		Attrs:   border.attrs(mode),
		Doc:     "∂x = Σ ∂y over the places that show x",
		Formula: "{y} = Σ {0} over the places of each element, without the border of {top}, {bottom} rows and {left}, {right} columns",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := border.around(in[0].Shape, -1)
			g, err := gridOf(x)
			if err != nil {
				return nil, err
			}
			if slices.Min(x) < 1 {
				return nil, fmt.Errorf("∂y %v has no place for a border %+v", in[0], border)
			}
			if err := border.fits(g, mode); err != nil {
				return nil, err
			}
			return []ir.Type{ir.Row(x...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			g, _ := gridOf(ys[0].Type.Shape)
			border.each(g, mode, len(xs[0].Data), func(at, of int) {
				if of >= 0 {
					ys[0].Data[of] += xs[0].Data[at]
				}
			})
		},
		Emit:  func(n *ir.Node) ir.Call { return border.call(n, "Grad", mode, n.Out[0].Type.Shape) },
		FLOPs: flops(1),
		Order: ir.Planes,
	}
}

// torch is the rule for rows of that shape. PyTorch's other modes are for axes behind one of channels.
func (b Border) torch(x ir.Shape, mode string, value float64) ir.Torch {
	sides, channels := []int{b.Left, b.Right}, "{0}"
	switch len(x) {
	case 2:
		if sides = []int{b.Top, b.Bottom}; mode == Constant {
			sides = []int{0, 0, b.Top, b.Bottom}
		} else {
			channels = "{0}.transpose(1, 2)"
		}
	case 3:
		sides = []int{b.Left, b.Right, b.Top, b.Bottom}
	}
	args := pyArgs{channels, pyTuple(sides...)}
	if mode == Constant {
		return ir.Torch{Call: args.option("value", pyNumber(value), "0").call("F.pad")}
	}
	args = args.option("mode", fmt.Sprintf("%q", mode), "")
	switch len(x) {
	case 1:
		args[0] = "{0}[:, None]"
		return ir.Torch{Call: args.call("F.pad") + "[:, 0]"}
	case 2:
		return ir.Torch{Call: args.call("F.pad") + ".transpose(1, 2)"}
	}
	return ir.Torch{Call: args.call("F.pad")}
}
