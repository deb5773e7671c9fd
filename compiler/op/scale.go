package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Scale(false, true) },
		in(row(20), whole(20), whole(20)), in(row(4, 3), whole(3), whole(3)), in(row(3, 2, 5), whole(3), whole(3)))
	_ = register(func() *ir.Op { return Scale(false, false) }, in(row(1), whole(1)), in(row(5, 17), whole(17)))
	_ = register(func() *ir.Op { return Scale(true, false) }, in(row(7), whole(1)), in(row(3, 2, 5), whole(1)), in(row(), whole(1)))
)

// Scale is y = x·w + b, channel by channel: x and y [n, …], of which Channels says where the channels are, w and, if there
// is a bias, b [channels]. Together all of x is one channel, x of any shape.
func Scale(together, bias bool) *ir.Op {
	formula := "{y} = {0}·w"
	if bias {
		formula += " + b"
	}
	return &ir.Op{
		Name:    "scale",
		Attrs:   ir.Attrs{{Name: "together", Value: number(together)}},
		Doc:     "y = x·w + b, channel by channel",
		Formula: formula,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 2+int(number(bias)) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			return in[:1], fitsScale(together, in[0], in[1:]...)
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			names := []string{"∂" + n.In[0].Name, "∂" + n.In[1].Name}
			if bias {
				names = append(names, "∂"+n.In[2].Name)
			}
			return b.Named(names, ScaleGrad(together, bias), n.In[0], n.In[1], dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			for i, x := range xs[0].Data {
				c := scaledBy(together, xs[0].Type, i)
				ys[0].Data[i] = x * xs[1].Data[c]
				if bias {
					ys[0].Data[i] += xs[2].Data[c]
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := scaling("Scale", together, n)
			call.Operands = append(append([]*ir.Value{}, n.In...), nil)[:3]
			return call
		},
		Torch: func(n *ir.Node) ir.Torch {
			if group, is := groupNorm(n); is {
				return group
			}
			channels := ""
			if len(n.In[0].Type.Shape) == 3 && !together {
				channels = "[:, None, None]"
			}
			call := "{0} * {1}" + channels
			if bias {
				call += " + {2}" + channels
			}
			return ir.Torch{Call: call}
		},
		Next: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			if together {
				return eachPosition(b, n, in)
			}
			return eachChannel(b, n, in)
		},
		FLOPs: flopsOf(0, 1+int(number(bias))),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			w, axes := onnx{o}, []int(nil)
			if !together && len(n.In[0].Type.Shape) == 3 {
				axes = []int{1, 2}
			}
			y := w.op(14, "Mul", nil, in[0], w.unsqueezed(in[1], axes...))
			if bias {
				y = w.op(14, "Add", nil, y, w.unsqueezed(in[2], axes...))
			}
			return []string{y}
		},
		Order: ir.Planes,
		Over:  over(1),
	}
}

var (
	_ = register(func() *ir.Op { return ScaleGrad(false, true) },
		in(row(20), whole(20), row(20)), in(row(4, 3), whole(3), row(4, 3)), in(row(3, 2, 5), whole(3), row(3, 2, 5)))
	_ = register(func() *ir.Op { return ScaleGrad(true, false) }, in(row(7), whole(1), row(7)), in(row(3, 2, 5), whole(1), row(3, 2, 5)))
)

// ScaleGrad is ∂x = ∂y·w, ∂w = Σ ∂y·x and ∂b = Σ ∂y, the sums over all values of a channel: x and ∂y [n, …], w [channels].
// Without a bias there is no ∂b.
func ScaleGrad(together, bias bool) *ir.Op {
	results, sums := []string{"∂w"}, ", {y1} = Σ {2}·{0}"
	if bias {
		results, sums = append(results, "∂b"), sums+", {y2} = Σ {2}"
	}
	return &ir.Op{
		Name:    "scale_grad",
		Attrs:   ir.Attrs{{Name: "together", Value: number(together)}},
		Doc:     "∂x = ∂y·w, ∂w = Σ ∂y·x and ∂b = Σ ∂y over the values of a channel",
		Formula: "{y} = {2}·w" + sums,
		Results: results,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 3 || !in[0].Equal(in[2]) {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			return []ir.Type{in[0], in[1], in[1]}[:1+len(results)], fitsScale(together, in[0], in[1])
		},
		Eval: func(ys, xs []ir.Tensor) {
			for _, sum := range ys[1:] {
				clear(sum.Data)
			}
			for i, dy := range xs[2].Data {
				c := scaledBy(together, xs[0].Type, i)
				ys[0].Data[i] = dy * xs[1].Data[c]
				ys[1].Data[c] += dy * xs[0].Data[i]
				if bias {
					ys[2].Data[c] += dy
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := scaling("ScaleGrad", together, n)
			if !bias {
				call.Operands = append([]*ir.Value{nil}, n.In...) // ∂w stands before
			}
			return call
		},
		FLOPs: flopsOf(0, 4),
		Order: ir.Planes,
		Over:  []ir.Pair{{Operand: 0}, {Operand: 2}},
	}
}

// fitsScale returns an error unless x has channels, or is one together, and the others a number for each.
func fitsScale(together bool, x ir.Type, others ...ir.Type) error {
	if !together {
		return perChannel(x, others...)
	}
	for _, t := range others {
		if x.Kind != ir.F32 || !x.Batch || !t.Equal(ir.Whole(1)) {
			return fmt.Errorf("%v does not fit x %v", t, x)
		}
	}
	return nil
}

// scaledBy returns the channel of element i.
func scaledBy(together bool, t ir.Type, i int) int {
	if together {
		return 0
	}
	return channel(t, i)
}

// scaling calls a kernel on the channels of the first operand.
func scaling(kernel string, together bool, n *ir.Node) ir.Call {
	if !together {
		return channelwise(kernel, n)
	}
	return ir.Call{Kernel: kernel, Rows: 1, Consts: []ir.Constant{ir.Size(1), ir.Size(1), ir.Size(n.In[0].Type.Shape.Size())}}
}
