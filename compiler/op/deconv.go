package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Deconv(plainConv, 5, 6, true) }, in(row(3, 3, 5), whole(3, 2, 3, 2), whole(2)))
	_ = register(func() *ir.Op { return Deconv(wideConv, 6, 5, false) }, in(row(20, 3, 5), whole(20, 3, 3, 3)))
	_ = register(func() *ir.Op { return Deconv(groupedConv, 5, 6, true) }, in(row(6, 4, 3), whole(6, 2, 3, 2), whole(4)))
	_ = register(func() *ir.Op { return Deconv(timeConv, 1, 7, true) }, in(row(3, 5), whole(5, 3, 4), whole(3)))
)

// Deconv is the transposed convolution: x [n, in, h, w] is what the convolution c makes of images like y [n, out, height,
// width], W is [in, out/groups, kh, kw], and y the sum of what each element of x is a factor of there, with b [out] if bias.
// Of sequences x [n, T, in] height is 1. Terms are added in the order of kernel row, kernel column and channel.
func Deconv(c Convolution, height, width int, bias bool) *ir.Op {
	return transposed(c, height, width, bias, "deconv", "Deconv")
}

var (
	_ = register(func() *ir.Op { return ConvGradInput(plainConv, 5, 6) }, in(row(3, 3, 5), whole(3, 1, 3, 2)))
	_ = register(func() *ir.Op { return ConvGradInput(wideConv, 6, 5) }, in(row(20, 3, 5), whole(20, 3, 3, 3)))
	_ = register(func() *ir.Op { return ConvGradInput(groupedConv, 5, 6) }, in(row(6, 4, 3), whole(6, 2, 3, 2)))
)

// ConvGradInput is ∂x [n, in, height, width] of a convolution: ∂y [n, out, h, w], W [out, in/groups, kh, kw].
func ConvGradInput(c Convolution, height, width int) *ir.Op {
	return transposed(c, height, width, false, "conv_grad_input", "ConvGradInput")
}

// transposed is the transposed convolution under one of its names.
func transposed(c Convolution, height, width int, bias bool, name, kernel string) *ir.Op {
	made := func(x, w ir.Shape) ir.Shape { return image{w[1] * c.Groups, height, width}.shape(x) }
	return &ir.Op{
		Name:    name,
		Attrs:   append(c.attrs(), wholes("height", height, "width", width)...),
		Doc:     "y = Σ W·x over the windows that an element lies in",
		Maps:    true,
		Formula: "{y} = Wᵀ ⋆ {0}" + plusBias(bias),
		Layouts: ir.Layouts{Operands: c.layouts([]int{0}, 1), Results: c.layouts([]int{0})},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if bias != (len(in) == 3) || len(in[1].Shape) != len(in[0].Shape)+1 {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			y := ir.Row(made(in[0].Shape, in[1].Shape)...)
			if x, err := c.types(y, in[1]); err != nil || !x.Equal(in[0]) {
				return nil, fmt.Errorf("x %v and W %v do not make %v", in[0], in[1], y)
			}
			if bias && !in[2].Equal(ir.Whole(imageOf(y.Shape).channels)) {
				return nil, fmt.Errorf("b %v does not fit y %v", in[2], y)
			}
			return []ir.Type{y}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, w, dy := n.In[0], n.In[1], dys[0]
			grads := []*ir.Value{
				b.Node("∂"+x.Name, Conv(c, false), dy, w)[0],
				b.Node("∂"+w.Name, ConvGradWeight(c, w.Type.Shape[2:]), dy, x)[0],
			}
			if bias {
				grads = append(grads, b.Node("∂"+n.In[2].Name, ChannelSums(), dy)[0])
			}
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			x, w, y := xs[0], xs[1], ys[0]
			fillBias(y, xs[2:])
			for r := range x.Rows {
				from, to := x.Row(r), y.Row(r)
				c.each(y.Type.Shape, x.Type.Shape, w.Type.Shape, func(i, j, k int) { to[i] += from[j] * w.Data[k] })
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := ir.Call{Kernel: kernel, Scratch: true, Rows: 1,
				Geometry: c.geometry(n.Out[0].Type.Shape, n.In[0].Type.Shape, n.In[1].Type.Shape)}
			if kernel == "Deconv" {
				call.Operands = append(append([]*ir.Value{}, n.In...), nil)[:3]
			}
			return call
		},
		Torch:   func(n *ir.Node) ir.Torch { return c.torchTransposed(n, height, width, bias) },
		Scratch: func(n *ir.Node, rows int) int { return n.In[1].Type.Shape.Size() },
		FLOPs:   func(n *ir.Node) int { return c.products(n.In[0].Type.Shape, n.In[1].Type.Shape) },
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.channelsFirst(in[0], len(n.In[0].Type.Shape) == 2, func(x string) string {
				return c.transposedONNX(onnx{o}, n, append([]string{x}, in[1:]...))
			})}
		},
	}
}

// transposedONNX adds the operator with channels first. What lies behind all windows is its own padding, or, where the
// operator would not have so much as that, zeros and the bias.
func (c Convolution) transposedONNX(o onnx, n *ir.Node, in []string) string {
	weight := n.In[1].Type.Shape
	from, to := imageOf(n.In[0].Type.Shape), imageOf(n.Out[0].Type.Shape)
	height, width := window(weight)
	ends := []int{ // what is cut off behind, along each axis; of what is added it is negative
		(from.height-1)*c.StrideH + c.DilationH*(height-1) + 1 - c.PadH - to.height,
		(from.width-1)*c.StrideW + c.DilationW*(width-1) + 1 - c.PadW - to.width,
	}
	c.EndH, c.EndW = max(ends[0], 0), max(ends[1], 0)
	behind := []int{max(-ends[0], 0), max(-ends[1], 0)}
	small := behind[0] < c.StrideH && behind[1] < c.StrideW
	if len(weight) == 3 {
		behind = behind[1:]
	}
	if small {
		return o.op(11, "ConvTranspose", append(c.onnx(weight), with("output_padding", behind)...), in...)
	}
	y := o.op(11, "ConvTranspose", c.onnx(weight), in[:2]...)
	y = o.op(13, "Pad", with("mode", "constant"), y, o.list(append(make([]int, 4+len(behind)), behind...)...), o.Floats(nil, 0))
	if len(in) > 2 {
		y = o.op(14, "Add", nil, y, o.unsqueezed(in[2], until(1, 1+len(behind))...))
	}
	return y
}

// torchTransposed is the rule of the transposed convolution, whose result may be larger behind than its paddings leave it.
func (c Convolution) torchTransposed(n *ir.Node, height, width int, bias bool) ir.Torch {
	x, w := imageOf(n.In[0].Type.Shape), n.In[1].Type.Shape
	axes := len(w) - 2
	windowH, windowW := window(w)
	more := func(size, of, stride, pad, dilation, window int) int {
		return size - ((of-1)*stride - 2*pad + dilation*(window-1) + 1)
	}
	moreH := more(height, x.height, c.StrideH, c.PadH, c.DilationH, windowH)
	moreW := more(width, x.width, c.StrideW, c.PadW, c.DilationW, windowW)
	args := pyArgs{}.plus(w[0], w[1]*c.Groups, pySizes(w[2:]...)).
		option("stride", pySizes(c.pairs(c.StrideH, c.StrideW, axes)...), "1").
		option("padding", pySizes(c.pairs(c.PadH, c.PadW, axes)...), "0").
		option("output_padding", pySizes(c.pairs(moreH, moreW, axes)...), "0").
		option("groups", fmt.Sprint(c.Groups), "1").option("bias", pyBool(bias), "True").
		option("dilation", pySizes(c.pairs(c.DilationH, c.DilationW, axes)...), "1")
	if axes == 1 {
		return ir.Torch{Module: args.call("nn.ConvTranspose1d"), Call: alongPositions("{m}({0})")}
	}
	return ir.Torch{Module: args.call("nn.ConvTranspose2d"), Call: "{m}({0})"}
}
