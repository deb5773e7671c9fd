package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Window is what a pool looks at: KernelH×KernelW elements, StrideH and StrideW apart, which begin PadH and PadW before
// the plane. A padding is at most half of its kernel, so that every window has a part in the plane.
type Window struct{ KernelH, KernelW, StrideH, StrideW, PadH, PadW int }

func (w Window) String() string { return fmt.Sprintf("%d×%d", w.KernelH, w.KernelW) }

// attrs lists it for a card.
func (w Window) attrs() ir.Attrs {
	return ir.Attrs{
		{Name: "kernelH", Value: float64(w.KernelH)}, {Name: "kernelW", Value: float64(w.KernelW)},
		{Name: "strideH", Value: float64(w.StrideH)}, {Name: "strideW", Value: float64(w.StrideW)},
		{Name: "padH", Value: float64(w.PadH)}, {Name: "padW", Value: float64(w.PadW)},
	}
}

// over returns the shape [C, h, w] that it makes of planes x [n, C, H, W]: as many windows as fit, with the padding on
// both sides.
func (w Window) over(x ir.Type) (ir.Shape, error) {
	if len(x.Shape) != 3 || x.Kind != ir.F32 || !x.Batch {
		return nil, fmt.Errorf("x %v has no planes", x)
	}
	height, width := x.Shape[1]+2*w.PadH-w.KernelH, x.Shape[2]+2*w.PadW-w.KernelW
	if height < 0 || width < 0 || 2*w.PadH > w.KernelH || 2*w.PadW > w.KernelW {
		return nil, fmt.Errorf("windows %+v do not fit x %v", w, x)
	}
	return ir.Shape{x.Shape[0], height/w.StrideH + 1, width/w.StrideW + 1}, nil
}

// each goes through the windows over the planes of x, of which there are count in all rows: their numbers i, the
// numbers of their planes, and where they begin, which may be outside.
func (w Window) each(x ir.Type, count int, f func(i, plane, top, left int)) {
	shape, err := w.over(x)
	if err != nil {
		panic(err)
	}
	for i := range count {
		plane, at := i/(shape[1]*shape[2]), i%(shape[1]*shape[2])
		f(i, plane, at/shape[2]*w.StrideH-w.PadH, at%shape[2]*w.StrideW-w.PadW)
	}
}

// geometry is the kernels' struct for windows over x [n, C, H, W] that make y [n, C, h, w].
func (w Window) geometry(x, y ir.Type) *ir.Geometry {
	size := func(name string, n int) ir.Attr { return ir.Attr{Name: name, Value: float64(n)} }
	return &ir.Geometry{Type: "Pool2D", Fields: ir.Attrs{
		size("Planes", x.Shape[0]), size("Height", x.Shape[1]), size("Width", x.Shape[2]), size("Inner", 1),
		size("KernelH", w.KernelH), size("KernelW", w.KernelW),
		size("StrideH", w.StrideH), size("StrideW", w.StrideW),
		size("PadH", w.PadH), size("PadW", w.PadW),
		size("OutH", y.Shape[1]), size("OutW", y.Shape[2]),
	}}
}
