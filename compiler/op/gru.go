package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return GRU(Recurrence{}, true) }, in(row(3, 6), whole(6, 2), whole(6)), in(row(1, 3), whole(3, 1), whole(3)))
	_ = register(func() *ir.Op { return GRU(Recurrence{Reverse: true}, false) }, in(row(4, 57), whole(57, 19)))
	_ = register(func() *ir.Op { return GRU(Recurrence{Reverse: true, Masked: true}, true) }, in(row(4, 9), whole(9, 3), whole(9), row(4)).from(3, sparse))
	_ = register(func() *ir.Op { return gruGrad(Recurrence{}) },
		in(row(3, 2), whole(6, 2), row(3, 6), row(3, 2), row(3, 2)), in(row(1, 1), whole(3, 1), row(1, 3), row(1, 1), row(1, 1)))
	_ = register(func() *ir.Op { return gruGrad(Recurrence{Reverse: true, Masked: true}) },
		in(row(4, 19), whole(57, 19), row(4, 57), row(4, 19), row(4, 19), row(4)).from(5, sparse))
)

// GRU is h = (1 − z)·n + z·h at each step, the h on the right being that of the step before: x [n, T, 3·H], W [3·H, H] and, if
// bias, b [3·H] in the order of r, z, n, where r and z are σ of x + h·Wᵀ + b, and n is tanh of x + r·(h·Wᵀ + b), the reset
// after the product; h [n, T, H], and a mask [n, T] if there is one. The gates [n, T, 3·H] and what the reset multiplies,
// inner [n, T, H], are its second and third result.
//
// Source: Cho and others, "Learning phrase representations using RNN encoder-decoder", 2014, in the form of cuDNN.
func GRU(order Recurrence, bias bool) *ir.Op {
	r := recurrent{order, 3}
	others, product := 2, "h·Wᵀ"
	if bias {
		others, product = 3, "h·Wᵀ + b"
	}
	return &ir.Op{
		Name:     "gru",
		Attrs:    order.attrs(),
		Doc:      "h = (1 − z)·n + z·h, the gates of x and h·Wᵀ + b",
		Formula:  "{y} = (1 − z)·n + z·h, the gates of {0} and " + product + order.text(others),
		Results:  []string{"gates", "inner"},
		Saved:    2,
		Layouts:  ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Constant: r.constant(others),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			var b []ir.Type
			if bias && len(in) > 2 && len(in[1].Shape) == 2 {
				b = []ir.Type{ir.Whole(in[1].Shape[0])}
			}
			states, err := r.types(in, b...)
			return []ir.Type{states, in[0], states}, err
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, w, states := n.In[0], n.In[1], n.Out[0]
			operands := append([]*ir.Value{dys[0], w, n.Out[1], n.Out[2], states}, r.maskOf(n)...)
			ds := b.Named([]string{"∂" + x.Name, "∂" + n.Out[0].Name + ".hidden"}, gruGrad(order), operands...)
			grads := []*ir.Value{ds[0], b.Node("∂"+w.Name, r.gradWeight(), states, ds[1])[0]}
			if bias {
				grads = append(grads, b.Node("∂"+n.In[2].Name, LinearGradBias(), ds[1])[0])
			}
			return append(grads, make([]*ir.Value, len(n.In)-len(grads))...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			states, gates, inner, x, w := ys[0], ys[1], ys[2], xs[0], xs[1]
			size := w.Type.Shape[1]
			r.each(states, xs[others:], false, func(part bool, at, before int) {
				for k := range size {
					h, m := numberAt(states, before, size, k), 0.0
					var gate [3]float64
					if part {
						for g := range gate {
							j := g*size + k
							product := hidden(w, states, before, j)
							if bias {
								product += xs[2].Data[j]
							}
							if v := x.Data[at*3*size+j]; g == 2 {
								m = product
								gate[g] = math.Tanh(v + gate[0]*m)
							} else {
								gate[g] = logistic(v + product)
							}
						}
						h = (1-gate[1])*gate[2] + gate[1]*h
					}
					for g, v := range gate {
						gates.Data[at*3*size+g*size+k] = v
					}
					inner.Data[at*size+k], states.Data[at*size+k] = m, h
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			operands := append([]*ir.Value{}, n.In[:2]...)
			if !bias {
				operands = append(operands, nil)
			}
			return r.call("GRU", n.Out[0].Type.Shape, r.masked(append(operands, n.In[2:]...))...)
		},
		Torch:   r.torch,
		Next:    order.next(func(positions int) *ir.Op { return GRUAt(positions, bias) }, "states"),
		Scratch: r.forward(3),
		FLOPs:   r.flops(func(n *ir.Node) ir.Shape { return n.Out[0].Type.Shape }),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			own := ""
			if bias {
				own = in[2]
			}
			return []string{r.onnx(onnx{o}, n, "GRU", []int{1, 0, 2}, with("linear_before_reset", 1), in, own), "", ""}
		},
		Over: []ir.Pair{{Result: 1, Operand: 0}},
	}
}

// gruGrad is ∂x of a GRU, and what flows into its product h·Wᵀ + b, both [n, T, 3·H]: the gradient of the states ∂h [n, T, H],
// W [3·H, H], the gates [n, T, 3·H], inner and the states [n, T, H], and the mask.
func gruGrad(order Recurrence) *ir.Op {
	r := recurrent{order, 3}
	return &ir.Op{
		Name:    "gru_grad",
		Attrs:   order.attrs(),
		Doc:     "∂x = the gradient of the gates before σ and tanh, ∂h including z·∂h and d·W of the step behind; d = ∂x, times r for n",
		Formula: "{y} = the gradient of the gates, of {0} + ∂h, ∂h = z·∂h + {y1}·W of the step behind; {y1} = {y}, times r for n" + order.text(5),
		Results: []string{"hidden"},
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) < 5 || len(in[0].Shape) != 2 {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			_, err := r.types(append([]ir.Type{in[2], in[1], in[3], in[4]}, in[5:]...), in[0], in[0])
			return []ir.Type{in[2], in[2]}, err
		},
		Eval: func(ys, xs []ir.Tensor) {
			dx, hid, dy, w, gates, inner, states := ys[0], ys[1], xs[0], xs[1], xs[2], xs[3], xs[4]
			size := w.Type.Shape[1]
			back := newComing(w)
			r.each(states, xs[5:], true, func(part bool, at, before int) {
				for k := range size {
					from := at*3*size + k
					reset, z, n := gates.Data[from], gates.Data[from+size], gates.Data[from+2*size]
					dh := dy.Data[at*size+k] + back.dh[k]
					back.kept[k] = dh
					var d [3]float64
					if part {
						d[2] = dh * (1 - z) * (1 - n*n)
						d[1] = dh * (numberAt(states, before, size, k) - n) * z * (1 - z)
						d[0] = d[2] * inner.Data[at*size+k] * reset * (1 - reset)
						back.kept[k] = dh * z
					}
					for g, v := range d {
						dx.Data[from+g*size], hid.Data[from+g*size] = v, v
					}
					hid.Data[from+2*size] = d[2] * reset
				}
				back.next(hid.Data[at*3*size:][:3*size], before)
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return r.call("GRUGrad", n.In[0].Type.Shape, r.masked(n.In)...)
		},
		Scratch: r.backward(1, 1),
		FLOPs:   r.flops(func(n *ir.Node) ir.Shape { return n.In[0].Type.Shape }),
		Over:    []ir.Pair{{Operand: 2}},
	}
}
