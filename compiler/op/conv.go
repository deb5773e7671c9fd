package op

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	plainConv   = Convolution{StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, Groups: 1}
	wideConv    = Convolution{StrideH: 2, StrideW: 1, PadH: 1, PadW: 2, EndH: 1, EndW: 2, DilationH: 1, DilationW: 2, Groups: 1}
	groupedConv = Convolution{StrideH: 1, StrideW: 2, PadH: 1, PadW: 0, EndH: 2, EndW: 1, DilationH: 2, DilationW: 1, Groups: 2}
	timeConv    = Convolution{StrideH: 1, StrideW: 2, PadW: 1, EndW: 1, DilationH: 1, DilationW: 1, Groups: 1}

	_ = register(func() *ir.Op { return Conv(plainConv, true) }, in(row(1, 5, 6), whole(3, 1, 3, 2), whole(3)), in(row(17, 3, 4), whole(19, 17, 1, 1), whole(19)))
	_ = register(func() *ir.Op { return Conv(wideConv, false) }, in(row(3, 6, 5), whole(20, 3, 3, 3)))
	_ = register(func() *ir.Op { return Conv(groupedConv, true) }, in(row(4, 5, 6), whole(6, 2, 3, 2), whole(6)))
	_ = register(func() *ir.Op { return Conv(timeConv, true) }, in(row(7, 3), whole(5, 3, 4), whole(5)))
)

// Conv is the convolution, or cross-correlation, of images x [n, C, H, W] or sequences x [n, T, D] with W [out, in/groups,
// kh, kw] or [out, in/groups, k], and b [out] if bias, where what lies beside an image is 0. Terms are added in the order of
// kernel row, kernel column and channel.
func Conv(c Convolution, bias bool) *ir.Op {
	return &ir.Op{
		Name:    "conv",
		Attrs:   c.attrs(),
		Doc:     "y = W ⋆ x + b",
		Maps:    true,
		Formula: "{y} = W ⋆ {0}" + plusBias(bias),
		Layouts: ir.Layouts{Operands: c.layouts([]int{0}, 1), Results: c.layouts([]int{0})},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if bias != (len(in) == 3) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			y, err := c.types(in[0], in[1])
			if err == nil && bias && !in[2].Equal(ir.Whole(in[1].Shape[0])) {
				err = fmt.Errorf("b %v does not fit W %v", in[2], in[1])
			}
			return []ir.Type{y}, err
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, w, dy := n.In[0], n.In[1], dys[0]
			i := imageOf(x.Type.Shape)
			grads := []*ir.Value{
				b.Node("∂"+x.Name, ConvGradInput(c, i.height, i.width), dy, w)[0],
				b.Node("∂"+w.Name, ConvGradWeight(c, w.Type.Shape[2:]), x, dy)[0],
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
				c.each(x.Type.Shape, y.Type.Shape, w.Type.Shape, func(i, j, k int) { to[j] += from[i] * w.Data[k] })
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			operands := append(append([]*ir.Value{}, n.In...), nil)[:3]
			return ir.Call{Kernel: "Conv", Operands: operands, Scratch: true, Rows: 1,
				Geometry: c.geometry(n.In[0].Type.Shape, n.Out[0].Type.Shape, n.In[1].Type.Shape)}
		},
		Torch: func(n *ir.Node) ir.Torch { return c.torch(n, bias) },
		FLOPs: func(n *ir.Node) int { return c.products(n.Out[0].Type.Shape, n.In[1].Type.Shape) },
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			x, w := n.In[0].Type.Shape, n.In[1].Type.Shape
			return []string{onnx{o}.channelsFirst(in[0], len(x) == 2, func(x string) string {
				return onnx{o}.op(11, "Conv", c.onnx(w), append([]string{x}, in[1:]...)...)
			})}
		},
	}
}

// torch is the rule of a convolution. What lies beside an image is a border of its own where it is not the same before and
// behind it.
func (c Convolution) torch(n *ir.Node, bias bool) ir.Torch {
	w := n.In[1].Type.Shape
	axes := len(w) - 2
	args := pyArgs{}.plus(w[1]*c.Groups, w[0], pySizes(w[2:]...)).option("stride", pySizes(c.pairs(c.StrideH, c.StrideW, axes)...), "1")
	x := "{0}"
	if c.PadH == c.EndH && c.PadW == c.EndW {
		args = args.option("padding", pySizes(c.pairs(c.PadH, c.PadW, axes)...), "0")
	} else {
		border := []int{c.PadW, c.EndW, c.PadH, c.EndH}
		x = fmt.Sprintf("F.pad({0}, %s)", pyTuple(border[:2*axes]...))
	}
	args = args.option("dilation", pySizes(c.pairs(c.DilationH, c.DilationW, axes)...), "1").
		option("groups", fmt.Sprint(c.Groups), "1").option("bias", pyBool(bias), "True")
	if axes == 1 {
		return ir.Torch{Module: args.call("nn.Conv1d"), Call: "{m}(" + strings.ReplaceAll(x, "{0}", "{0}.transpose(1, 2)") + ").transpose(1, 2)"}
	}
	return ir.Torch{Module: args.call("nn.Conv2d"), Call: "{m}(" + x + ")"}
}

// pairs lists a number for each axis of a window: rows and columns, or of sequences positions alone.
func (Convolution) pairs(h, w, axes int) []int { return []int{h, w}[2-axes:] }

// plusBias ends a formula.
func plusBias(bias bool) string {
	if bias {
		return " + b"
	}
	return ""
}

// fillBias fills images with their channels' biases, of which there is one list or none: then with 0.
func fillBias(y ir.Tensor, biases []ir.Tensor) {
	i := imageOf(y.Type.Shape)
	for r := range y.Rows {
		row := y.Row(r)
		clear(row)
		for _, bias := range biases {
			for channel, b := range bias.Data {
				for at := range i.height * i.width {
					row[i.index(len(y.Type.Shape) == 2, channel, at/i.width, at%i.width)] = b
				}
			}
		}
	}
}

var (
	_ = register(func() *ir.Op { return ConvGradWeight(plainConv, ir.Shape{3, 2}) }, in(row(1, 5, 6), row(3, 3, 5)))
	_ = register(func() *ir.Op { return ConvGradWeight(wideConv, ir.Shape{3, 3}) }, in(row(3, 6, 5), row(20, 3, 5)))
	_ = register(func() *ir.Op { return ConvGradWeight(groupedConv, ir.Shape{3, 2}) }, in(row(4, 5, 6), row(6, 4, 3)))
	_ = register(func() *ir.Op { return ConvGradWeight(timeConv, ir.Shape{4}) }, in(row(7, 3), row(3, 5)))
)

// ConvGradWeight is ∂W [out, in/groups, …] of a convolution with that window: the sum over rows and positions of the
// products of x [n, C, H, W] with ∂y [n, out, h, w], in this order.
func ConvGradWeight(c Convolution, window ir.Shape) *ir.Op {
	attrs := c.attrs()
	for i, size := range window {
		attrs = append(attrs, ir.Attr{Name: []string{"kernelH", "kernelW"}[i+2-len(window)], Value: float64(size)})
	}
	weight := func(x, dy ir.Type) ir.Type {
		return ir.Whole(append(ir.Shape{imageOf(dy.Shape).channels, imageOf(x.Shape).channels / c.Groups}, window...)...)
	}
	return &ir.Op{
		Name:    "conv_grad_weight",
		Attrs:   attrs,
		Doc:     "∂W = Σ ∂y·x over rows and positions",
		Formula: "{y} = Σ {1}·{0} over rows and positions",
		Layouts: ir.Layouts{Operands: c.layouts([]int{0, 1}), Results: c.layouts(nil, 0)},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in[0].Shape) != len(window)+1 || len(in[1].Shape) != len(in[0].Shape) {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			w := weight(in[0], in[1])
			if y, err := c.types(in[0], w); err != nil || !y.Equal(in[1]) {
				return nil, fmt.Errorf("∂y %v does not fit x %v", in[1], in[0])
			}
			return []ir.Type{w}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			x, dy, dw := xs[0], xs[1], ys[0]
			clear(dw.Data)
			for r := range x.Rows {
				from, to := x.Row(r), dy.Row(r)
				c.each(x.Type.Shape, dy.Type.Shape, dw.Type.Shape, func(i, j, k int) { dw.Data[k] += from[i] * to[j] })
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "ConvGradWeight", Scratch: true, Rows: 1,
				Geometry: c.geometry(n.In[0].Type.Shape, n.In[1].Type.Shape, n.Out[0].Type.Shape)}
		},
		FLOPs: func(n *ir.Node) int { return c.products(n.In[1].Type.Shape, n.Out[0].Type.Shape) },
	}
}

var _ = register(ChannelSums, in(row(3, 4, 5)), in(row(17, 2, 3)), in(row(6, 5)))

// ChannelSums is ∂b [C] = Σ ∂y over rows and positions, of images ∂y [n, C, H, W] or sequences [n, T, C].
func ChannelSums() *ir.Op {
	return &ir.Op{
		Name:    "channel_sums",
		Doc:     "∂b = Σ ∂y over rows and positions",
		Formula: "{y} = Σ {0} over rows and positions",
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{0: {ir.ChannelsLast}}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if !in[0].Batch || len(in[0].Shape) != 2 && len(in[0].Shape) != 3 {
				return nil, fmt.Errorf("∂y %v is no image", in[0])
			}
			return []ir.Type{ir.Whole(imageOf(in[0].Shape).channels)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			for i, v := range xs[0].Data {
				ys[0].Data[channel(xs[0].Type, i)] += v
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			i := imageOf(n.In[0].Type.Shape)
			return ir.Call{Kernel: "LinearGradBias", Rows: 1, Consts: []ir.Constant{ir.Size(i.height * i.width), ir.Size(i.channels)}}
		},
		FLOPs: flops(1),
	}
}
