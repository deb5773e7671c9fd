package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return LSTM(Recurrence{}) }, in(row(3, 8), whole(8, 2)), in(row(1, 4), whole(4, 1)), in(row(4, 76), whole(76, 19)))
	_ = register(func() *ir.Op { return LSTM(Recurrence{Reverse: true, Masked: true}) }, in(row(4, 12), whole(12, 3), row(4)).from(2, sparse))
	_ = register(func() *ir.Op { return lstmGrad(Recurrence{}) }, in(row(3, 2), whole(8, 2), row(3, 8), row(3, 2)), in(row(1, 1), whole(4, 1), row(1, 4), row(1, 1)))
	_ = register(func() *ir.Op { return lstmGrad(Recurrence{Reverse: true, Masked: true}) }, in(row(4, 19), whole(76, 19), row(4, 76), row(4, 19), row(4)).from(4, sparse))
)

// LSTM is h = o·tanh(c) at each step, where c = f·c + i·g, the c on the right being that of the step before: x [n, T, 4·H] and
// W [4·H, H] in the order of i, f, g, o, which are σ of x + h·Wᵀ but for g, its tanh, with h of the step before; h
// [n, T, H], and a mask [n, T] if there is one. The gates [n, T, 4·H] and the cells c [n, T, H] are its second and third
// result.
//
// Source: Hochreiter, Schmidhuber, "Long short-term memory", 1997; Gers, Schmidhuber, Cummins, "Learning to forget", 2000.
func LSTM(order Recurrence) *ir.Op {
	r := recurrent{order, 4}
	return &ir.Op{
		Name:     "lstm",
		Attrs:    order.attrs(),
		Doc:      "h = o·tanh(c), c = f·c + i·g, the gates of x + h·Wᵀ",
		Formula:  "{y} = o·tanh(c), c = f·c + i·g, the gates of {0} + h·Wᵀ" + order.text(2),
		Results:  []string{"gates", "cells"},
		Saved:    2,
		Layouts:  ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Constant: r.constant(2),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			states, err := r.types(in)
			return []ir.Type{states, in[0], states}, err
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, w := n.In[0], n.In[1]
			dx := b.Node("∂"+x.Name, lstmGrad(order), append([]*ir.Value{dys[0], w, n.Out[1], n.Out[2]}, r.maskOf(n)...)...)[0]
			return append([]*ir.Value{dx, b.Node("∂"+w.Name, r.gradWeight(), n.Out[0], dx)[0]}, make([]*ir.Value, len(n.In)-2)...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			states, gates, cells, x, w := ys[0], ys[1], ys[2], xs[0], xs[1]
			size := w.Type.Shape[1]
			r.each(states, xs[2:], false, func(part bool, at, before int) {
				for k := range size {
					h, c := numberAt(states, before, size, k), numberAt(cells, before, size, k)
					var gate [4]float64
					if part {
						for g := range gate {
							j := g*size + k
							if gate[g] = x.Data[at*4*size+j] + hidden(w, states, before, j); g == 2 {
								gate[g] = math.Tanh(gate[g])
							} else {
								gate[g] = logistic(gate[g])
							}
						}
						c = gate[1]*c + gate[0]*gate[2]
						h = gate[3] * math.Tanh(c)
					}
					for g, v := range gate {
						gates.Data[at*4*size+g*size+k] = v
					}
					cells.Data[at*size+k], states.Data[at*size+k] = c, h
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return r.call("LSTM", n.Out[0].Type.Shape, r.masked(n.In)...)
		},
		Torch:   r.torch,
		Next:    order.next(LSTMAt, "states", "cells"),
		Scratch: r.forward(5),
		FLOPs:   r.flops(func(n *ir.Node) ir.Shape { return n.Out[0].Type.Shape }),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{r.onnx(onnx{o}, n, "LSTM", []int{0, 3, 1, 2}, nil, in, ""), "", ""}
		},
		Over: []ir.Pair{{Result: 1, Operand: 0}},
	}
}

// lstmGrad is ∂x of an LSTM: the gradient of the states ∂h [n, T, H], W [4·H, H], the gates [n, T, 4·H], the cells
// [n, T, H], and the mask.
func lstmGrad(order Recurrence) *ir.Op {
	r := recurrent{order, 4}
	return &ir.Op{
		Name:    "lstm_grad",
		Attrs:   order.attrs(),
		Doc:     "∂x = the gradient of the gates before σ and tanh, ∂h including ∂x·W of the step behind",
		Formula: "{y} = the gradient of the gates, of {0} + ∂h, ∂h = {y}·W of the step behind" + order.text(4),
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) < 4 || len(in[0].Shape) != 2 {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			_, err := r.types(append([]ir.Type{in[2], in[1], in[3]}, in[4:]...), in[0])
			return in[2:3], err
		},
		Eval: func(ys, xs []ir.Tensor) {
			dx, dy, w, gates, cells := ys[0], xs[0], xs[1], xs[2], xs[3]
			size := w.Type.Shape[1]
			back := newComing(w)
			r.each(cells, xs[4:], true, func(part bool, at, before int) {
				for k := range size {
					var gate, d [4]float64
					for g := range gate {
						gate[g] = gates.Data[at*4*size+g*size+k]
					}
					i, f, g, o := gate[0], gate[1], gate[2], gate[3]
					dh := dy.Data[at*size+k] + back.dh[k]
					back.kept[k] = dh
					if part {
						t := math.Tanh(cells.Data[at*size+k])
						dc := back.dc[k] + dh*o*(1-t*t)
						d = [4]float64{dc * g * i * (1 - i), dc * numberAt(cells, before, size, k) * f * (1 - f), dc * i * (1 - g*g), dh * t * o * (1 - o)}
						back.kept[k], back.dc[k] = 0, dc*f
					}
					for g, v := range d {
						dx.Data[at*4*size+g*size+k] = v
					}
				}
				back.next(dx.Data[at*4*size:][:4*size], before)
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return r.call("LSTMGrad", n.In[0].Type.Shape, r.masked(n.In)...)
		},
		Scratch: r.backward(1, 2),
		FLOPs:   r.flops(func(n *ir.Node) ir.Shape { return n.In[0].Type.Shape }),
		Over:    []ir.Pair{{Operand: 2}},
	}
}
