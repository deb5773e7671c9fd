package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return RNN(Recurrence{}) }, in(row(3, 4), whole(4, 4)), in(row(1, 2), whole(2, 2)), in(row(5, 19), whole(19, 19)))
	_ = register(func() *ir.Op { return RNN(Recurrence{Reverse: true, Masked: true}) }, in(row(4, 3), whole(3, 3), row(4)).from(2, sparse))
	_ = register(func() *ir.Op { return rnnGrad(Recurrence{}) }, in(row(3, 4), whole(4, 4), row(3, 4)), in(row(1, 1), whole(1, 1), row(1, 1)))
	_ = register(func() *ir.Op { return rnnGrad(Recurrence{Reverse: true, Masked: true}) }, in(row(4, 19), whole(19, 19), row(4, 19), row(4)).from(3, sparse))
)

// RNN is y = tanh(x + h·Wᵀ) at each step, h being y of the step before: x and y [n, T, H], W [H, H], and a mask [n, T] if
// there is one.
func RNN(order Recurrence) *ir.Op {
	r := recurrent{order, 1}
	return &ir.Op{
		Name:     "rnn",
		Attrs:    order.attrs(),
		Doc:      "y = tanh(x + h·Wᵀ), h being y of the step before",
		Formula:  "{y} = tanh({0} + h·Wᵀ)" + order.text(2),
		Layouts:  ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Constant: r.constant(2),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			states, err := r.types(in)
			return []ir.Type{states}, err
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, w, states := n.In[0], n.In[1], n.Out[0]
			dx := b.Node("∂"+x.Name, rnnGrad(order), append([]*ir.Value{dys[0], w, states}, r.maskOf(n)...)...)[0]
			return append([]*ir.Value{dx, b.Node("∂"+w.Name, r.gradWeight(), states, dx)[0]}, make([]*ir.Value, len(n.In)-2)...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			states, w := ys[0], xs[1]
			size := w.Type.Shape[1]
			r.each(states, xs[2:], false, func(part bool, at, before int) {
				for k := range size {
					h := numberAt(states, before, size, k)
					if part {
						h = math.Tanh(xs[0].Data[at*size+k] + hidden(w, states, before, k))
					}
					states.Data[at*size+k] = h
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return r.call("RNN", n.Out[0].Type.Shape, r.masked(n.In)...)
		},
		Torch:   r.torch,
		Next:    order.next(RNNAt, "states"),
		Scratch: r.forward(1),
		FLOPs:   r.flops(func(n *ir.Node) ir.Shape { return n.Out[0].Type.Shape }),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{r.onnx(onnx{o}, n, "RNN", []int{0}, nil, in, "")}
		},
		Over: over(1),
	}
}

// rnnGrad is ∂x of an RNN: the gradient of the states ∂y [n, T, H], W [H, H], the states y [n, T, H], and the mask.
func rnnGrad(order Recurrence) *ir.Op {
	r := recurrent{order, 1}
	return &ir.Op{
		Name:    "rnn_grad",
		Attrs:   order.attrs(),
		Doc:     "∂x = (∂y + ∂h)·(1 − y²), ∂h being ∂x·W of the step behind",
		Formula: "{y} = ({0} + ∂h)·(1 − {2}²), ∂h = {y}·W of the step behind" + order.text(3),
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			states, err := r.types(in, in[0])
			return []ir.Type{states}, err
		},
		Eval: func(ys, xs []ir.Tensor) {
			dx, dy, w, states := ys[0], xs[0], xs[1], xs[2]
			size := w.Type.Shape[1]
			back := newComing(w)
			r.each(states, xs[3:], true, func(part bool, at, before int) {
				for k := range size {
					dh := dy.Data[at*size+k] + back.dh[k]
					y := states.Data[at*size+k]
					back.kept[k], dx.Data[at*size+k] = dh, 0
					if part {
						back.kept[k], dx.Data[at*size+k] = 0, dh*(1-y*y)
					}
				}
				back.next(dx.Data[at*size:][:size], before)
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return r.call("RNNGrad", n.Out[0].Type.Shape, r.masked(n.In)...)
		},
		Scratch: r.backward(1, 1),
		FLOPs:   r.flops(func(n *ir.Node) ir.Shape { return n.Out[0].Type.Shape }),
		Over:    over(1),
	}
}

// coming is the gradient that comes back from the step behind, in a row: of the states and of an LSTM's cells.
type coming struct {
	w            ir.Tensor
	dh, kept, dc []float64 // kept is what reaches the step before besides the product
}

func newComing(w ir.Tensor) *coming {
	size := w.Type.Shape[1]
	return &coming{w, make([]float64, size), make([]float64, size), make([]float64, size)}
}

// next makes dh that of the step before, where d flows into the product of the states: nothing where a row ends.
func (c *coming) next(d []float64, before int) {
	size := len(c.dh)
	for k := range size {
		c.dh[k] = c.kept[k]
		for j, v := range d {
			c.dh[k] += v * c.w.Data[j*size+k]
		}
	}
	if before < 0 {
		clear(c.dh)
		clear(c.dc)
	}
}
