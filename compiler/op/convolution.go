package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Convolution is how the windows of a convolution lie over an image: StrideH and StrideW apart, from PadH and PadW before
// it to EndH and EndW behind it, with DilationH and DilationW between their elements. Channels come in Groups, each of which
// is made of the same group of channels alone.
//
// Images are rows [C, H, W], or sequences [T, D], which are images of one row, of D channels. A weight is [out, in/Groups,
// kh, kw], of a sequence [out, in/Groups, k].
type Convolution struct {
	StrideH, StrideW, PadH, PadW, EndH, EndW, DilationH, DilationW, Groups int
}

// attrs lists it for a card.
func (c Convolution) attrs() ir.Attrs {
	return wholes("strideH", c.StrideH, "strideW", c.StrideW, "padH", c.PadH, "padW", c.PadW, "endH", c.EndH, "endW", c.EndW,
		"dilationH", c.DilationH, "dilationW", c.DilationW, "groups", c.Groups)
}

// wholes are attributes that are whole numbers: names and numbers in turn.
func wholes(pairs ...any) ir.Attrs {
	var attrs ir.Attrs
	for i := 0; i < len(pairs); i += 2 {
		attrs = append(attrs, ir.Attr{Name: pairs[i].(string), Value: float64(pairs[i+1].(int))})
	}
	return attrs
}

// image is an image's extent: of a sequence [T, D], D channels of one row of T.
type image struct{ channels, height, width int }

func imageOf(s ir.Shape) image {
	if len(s) == 2 {
		return image{s[1], 1, s[0]}
	}
	return image{s[0], s[1], s[2]}
}

// shape is that of such an image, which is a sequence if like is.
func (i image) shape(like ir.Shape) ir.Shape {
	if len(like) == 2 {
		return ir.Shape{i.width, i.channels}
	}
	return ir.Shape{i.channels, i.height, i.width}
}

// index is where an element stands in a row of that shape.
func (i image) index(sequence bool, channel, row, column int) int {
	if sequence {
		return column*i.channels + channel
	}
	return (channel*i.height+row)*i.width + column
}

// window is the extent of a weight's windows.
func window(w ir.Shape) (height, width int) {
	if len(w) == 3 {
		return 1, w[2]
	}
	return w[2], w[3]
}

// Over returns the number of windows over an image, rows and columns of them, for a weight of that shape.
func (c Convolution) Over(x, w ir.Shape) (rows, columns int) {
	i := imageOf(x)
	height, width := window(w)
	count := func(size, pads, dilation, kernel, stride int) int {
		if size += pads - dilation*(kernel-1) - 1; size < 0 {
			return 0
		}
		return size/stride + 1
	}
	return count(i.height, c.PadH+c.EndH, c.DilationH, height, c.StrideH), count(i.width, c.PadW+c.EndW, c.DilationW, width, c.StrideW)
}

// types returns the type of y for x and a weight, or says what does not fit.
func (c Convolution) types(x, w ir.Type) (ir.Type, error) {
	if !x.Batch || x.Kind != ir.F32 || len(x.Shape) != 2 && len(x.Shape) != 3 {
		return x, fmt.Errorf("x %v is no image", x)
	}
	if w.Batch || len(w.Shape) != len(x.Shape)+1 || w.Shape[1]*c.Groups != imageOf(x.Shape).channels || w.Shape[0]%c.Groups != 0 {
		return x, fmt.Errorf("weight %v in %d groups does not fit x %v", w, c.Groups, x)
	}
	rows, columns := c.Over(x.Shape, w.Shape)
	if rows < 1 || columns < 1 {
		return x, fmt.Errorf("no window of W %v fits x %v", w, x)
	}
	return ir.Row(image{w.Shape[0], rows, columns}.shape(x.Shape)...), nil
}

// each goes through the products of a convolution: of element x of a row of images with element w of the weight, for
// element y of what it makes.
func (c Convolution) each(xs, ys, ws ir.Shape, f func(x, y, w int)) {
	x, y := imageOf(xs), imageOf(ys)
	height, width := window(ws)
	in, out := ws[1], y.channels/c.Groups
	sequence := len(xs) == 2
	for o := range y.channels {
		for i := range y.height {
			for j := range y.width {
				for k := range height {
					for l := range width {
						row, column := i*c.StrideH-c.PadH+k*c.DilationH, j*c.StrideW-c.PadW+l*c.DilationW
						if row < 0 || row >= x.height || column < 0 || column >= x.width {
							continue
						}
						for channel := range in {
							f(x.index(sequence, o/out*in+channel, row, column), y.index(sequence, o, i, j), ((o*in+channel)*height+k)*width+l)
						}
					}
				}
			}
		}
	}
}

// geometry is the kernels' struct for a convolution from x to y.
func (c Convolution) geometry(x, y, w ir.Shape) *ir.Geometry {
	from, to := imageOf(x), imageOf(y)
	height, width := window(w)
	return &ir.Geometry{Type: "Conv2D", Fields: wholes("In", from.channels, "Out", to.channels, "Groups", c.Groups,
		"Height", from.height, "Width", from.width, "KernelH", height, "KernelW", width, "StrideH", c.StrideH, "StrideW", c.StrideW,
		"PadH", c.PadH, "PadW", c.PadW, "DilationH", c.DilationH, "DilationW", c.DilationW, "OutH", to.height, "OutW", to.width)}
}

// layouts says how images lie, and weights: operands, or results.
func (c Convolution) layouts(images []int, weights ...int) map[int][]ir.Layout {
	layouts := map[int][]ir.Layout{}
	for _, i := range images {
		layouts[i] = []ir.Layout{ir.ChannelsLast}
	}
	for _, i := range weights {
		layouts[i] = []ir.Layout{ir.Filters(c.Groups)}
	}
	return layouts
}

// products counts the operations of a row.
func (c Convolution) products(y, w ir.Shape) int { return 2 * y.Size() * w[1:].Size() }

// onnx are the attributes that the operators of ONNX have for a weight of that shape.
func (c Convolution) onnx(w ir.Shape) []ir.ONNXAttr {
	at := len(w) - 2
	last := func(h, width int) []int { return []int{h, width}[2-at:] }
	return with("kernel_shape", []int(w[2:]), "strides", last(c.StrideH, c.StrideW), "dilations", last(c.DilationH, c.DilationW), "group", c.Groups,
		"pads", append(last(c.PadH, c.PadW), last(c.EndH, c.EndW)...))
}
