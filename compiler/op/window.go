package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Window is what a pool looks at: of images [C, H, W] KernelH×KernelW elements of a channel, StrideH and StrideW apart, which
// begin PadH and PadW before the plane. Of sequences [T, D] it is KernelH positions, StrideH apart, which begin PadH before
// the first, and what stands for columns is 0. A padding is at most half of its kernel, so that every window has a part in the
// plane.
type Window struct{ KernelH, KernelW, StrideH, StrideW, PadH, PadW int }

// alongT reports whether it is one of sequences.
func (w Window) alongT() bool { return w.KernelW == 0 }

func (w Window) String() string {
	if w.alongT() {
		return fmt.Sprint(w.KernelH)
	}
	return fmt.Sprintf("%d×%d", w.KernelH, w.KernelW)
}

// taps returns the number of its elements.
func (w Window) taps() int { return w.KernelH * max(w.KernelW, 1) }

// attrs lists it for a card.
func (w Window) attrs() ir.Attrs {
	if w.alongT() {
		return ir.Attrs{{Name: "kernel", Value: float64(w.KernelH)}, {Name: "stride", Value: float64(w.StrideH)}, {Name: "pad", Value: float64(w.PadH)}}
	}
	return ir.Attrs{
		{Name: "kernelH", Value: float64(w.KernelH)}, {Name: "kernelW", Value: float64(w.KernelW)},
		{Name: "strideH", Value: float64(w.StrideH)}, {Name: "strideW", Value: float64(w.StrideW)},
		{Name: "padH", Value: float64(w.PadH)}, {Name: "padW", Value: float64(w.PadW)},
	}
}

// axes returns the sizes of the axes of x that it pools: of the rows and columns of an image, of the positions of a sequence.
func (w Window) axes(x ir.Shape) []int {
	if w.alongT() {
		return x[:1]
	}
	return x[1:]
}

// gradAttrs lists it for the card of a gradient of x with such axes.
func (w Window) gradAttrs(axes []int) ir.Attrs {
	names := []string{"height", "width"}
	if w.alongT() {
		names = []string{"length"}
	}
	attrs := w.attrs()
	for i, size := range axes {
		attrs = append(attrs, ir.Attr{Name: names[i], Value: float64(size)})
	}
	return attrs
}

// pooled returns the type of x with such axes that is pooled to y.
func (w Window) pooled(y ir.Type, axes []int) (ir.Type, error) {
	if len(y.Shape) != len(axes)+1 {
		return ir.Type{}, fmt.Errorf("∂y %v has no planes", y)
	}
	x := ir.Row(y.Shape[0], axes[0], axes[len(axes)-1])
	if w.alongT() {
		x = ir.Row(axes[0], y.Shape[1])
	}
	if shape, err := w.over(x); err != nil || !y.Equal(ir.Row(shape...)) {
		return ir.Type{}, fmt.Errorf("∂y %v does not fit x %v", y, x)
	}
	return x, nil
}

// over returns the shape [C, h, w] or [t, D] that it makes of x: as many windows as fit, with the padding on both sides.
func (w Window) over(x ir.Type) (ir.Shape, error) {
	if x.Kind != ir.F32 || !x.Batch || len(x.Shape) != 3 && !w.alongT() || len(x.Shape) != 2 && w.alongT() {
		return nil, fmt.Errorf("x %v has no planes", x)
	}
	g := w.grid(x.Shape)
	height, width := g.height+2*w.PadH-w.KernelH, g.width+2*w.PadW-max(w.KernelW, 1)
	if height < 0 || width < 0 || 2*w.PadH > w.KernelH || 2*w.PadW > w.KernelW {
		return nil, fmt.Errorf("windows %+v do not fit x %v", w, x)
	}
	if w.alongT() {
		return ir.Shape{height/w.StrideH + 1, g.inner}, nil
	}
	return ir.Shape{g.planes, height/w.StrideH + 1, width/w.StrideW + 1}, nil
}

// grid returns an image's or a sequence's, row-major.
func (w Window) grid(x ir.Shape) grid {
	if w.alongT() {
		return grid{1, x[0], 1, x[1]}
	}
	return grid{x[0], x[1], x[2], 1}
}

// each goes through the windows over x, of which there are count in all rows, and through the elements of each that lie in the
// plane, row by row: the window's number i, the element's, and its place in the plane.
func (w Window) each(x ir.Type, count int, f func(i, element, place int)) {
	shape, err := w.over(x)
	if err != nil {
		panic(err)
	}
	g, y := w.grid(x.Shape), w.grid(shape)
	for i := range count {
		k, column, row, plane := i%y.inner, i/y.inner%y.width, i/y.inner/y.width%y.height, i/y.inner/y.width/y.height
		top, left := row*w.StrideH-w.PadH, column*w.StrideW-w.PadW
		for r := max(top, 0); r < min(top+w.KernelH, g.height); r++ {
			for c := max(left, 0); c < min(left+max(w.KernelW, 1), g.width); c++ {
				place := r*g.width + c
				f(i, (plane*g.height*g.width+place)*g.inner+k, place)
			}
		}
	}
}

// geometry is the kernels' struct for windows over x that make y, as these lie at the node.
func (w Window) geometry(n *ir.Node, x, y ir.Type) *ir.Geometry {
	g, out := w.grid(x.Shape), w.grid(y.Shape)
	switch {
	case w.alongT(): // as an image of one row, whose windows lie side by side
		g, out = grid{1, 1, g.height, g.inner}, grid{1, 1, out.height, out.inner}
		w = Window{1, w.KernelH, 1, w.StrideH, 0, w.PadH}
	case n.ChannelsLast():
		g.planes, g.inner = 1, g.planes
	}
	size := func(name string, n int) ir.Attr { return ir.Attr{Name: name, Value: float64(n)} }
	return &ir.Geometry{Type: "Pool2D", Fields: ir.Attrs{
		size("Planes", g.planes), size("Height", g.height), size("Width", g.width), size("Inner", g.inner),
		size("KernelH", w.KernelH), size("KernelW", w.KernelW),
		size("StrideH", w.StrideH), size("StrideW", w.StrideW),
		size("PadH", w.PadH), size("PadW", w.PadW),
		size("OutH", out.height), size("OutW", out.width),
	}}
}

// onnx are the attributes that the operators of ONNX have for it.
func (w Window) onnx() []ir.ONNXAttr {
	if w.alongT() {
		return with("kernel_shape", []int{w.KernelH}, "strides", []int{w.StrideH}, "pads", []int{w.PadH, w.PadH})
	}
	return with("kernel_shape", []int{w.KernelH, w.KernelW}, "strides", []int{w.StrideH, w.StrideW}, "pads", []int{w.PadH, w.PadW, w.PadH, w.PadW})
}

// torch is the rule of a pool, by the function of that name with the number of axes behind it.
func (w Window) torch(function string) ir.Torch {
	sizes := func(h, v int) string {
		if w.alongT() {
			return pySizes(h)
		}
		return pySizes(h, v)
	}
	kernel := sizes(w.KernelH, w.KernelW)
	args := pyArgs{"{0}", kernel}.option("stride", sizes(w.StrideH, w.StrideW), kernel).option("padding", sizes(w.PadH, w.PadW), "0")
	if w.alongT() {
		return ir.Torch{Call: alongPositions(args.call(function + "1d"))}
	}
	return ir.Torch{Call: args.call(function + "2d")}
}
