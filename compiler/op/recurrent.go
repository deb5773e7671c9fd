package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Recurrence says how a recurrent layer goes along a sequence: from the first position to the last, or the other way, and
// whether a mask says which positions take part. In one that does not a row keeps its state. Apart says that something else is
// done between the layers of one word: it changes nothing of the meaning, but PyTorch has no module of them all then.
type Recurrence struct{ Reverse, Masked, Apart bool }

func (r Recurrence) attrs() ir.Attrs {
	var attrs ir.Attrs
	for _, a := range []struct {
		name string
		is   bool
	}{{"reverse", r.Reverse}, {"masked", r.Masked}} {
		if a.is {
			attrs = append(attrs, ir.Attr{Name: a.name, Text: "true"})
		}
	}
	return attrs
}

// text ends a formula, where the mask is the operand of that number.
func (r Recurrence) text(mask int) string {
	text := ""
	if r.Reverse {
		text += ", from the last position to the first"
	}
	if r.Masked {
		text += fmt.Sprintf(", where {%d} ≠ 0", mask)
	}
	return text
}

// position returns the position of a step and the one before it, -1 if there is none.
func (r Recurrence) position(step, steps int) (at, before int) {
	switch {
	case !r.Reverse:
		return step, step - 1
	case step == 0:
		return steps - 1, -1
	}
	return steps - 1 - step, steps - step
}

// recurrent is what the cards of the kinds of layers have in common: x [n, T, gates·H], what each position adds to the
// gates; W [gates·H, H], by which the states of the step before are multiplied; others of certain sizes, and a mask
// [n, T] if there is one.
type recurrent struct {
	Recurrence
	gates int
}

// types checks x, W, and behind them what others there are, the mask the last, and returns the type of the states.
func (r recurrent) types(in []ir.Type, others ...ir.Type) (states ir.Type, err error) {
	if r.Masked {
		others = append(others, ir.Row(in[0].Shape[:min(1, len(in[0].Shape))]...))
	}
	x, w := in[0], in[1]
	if len(in) != 2+len(others) || len(x.Shape) != 2 || !x.Batch || len(w.Shape) != 2 ||
		!w.Equal(ir.Whole(r.gates*w.Shape[1], w.Shape[1])) || x.Shape[1] != w.Shape[0] {
		return states, fmt.Errorf("x %v does not fit %v", x, in[1:])
	}
	for i, t := range others {
		if !in[2+i].Equal(t) {
			return states, fmt.Errorf("an operand %v, not %v", in[2+i], t)
		}
	}
	return withLast(x, w.Shape[1]), nil
}

// each goes through the rows and their steps, in order or backwards. It tells whether the row takes part, and gives the
// number of the position, of all rows', and that of the one before, -1 if there is none.
func (r recurrent) each(states ir.Tensor, mask []ir.Tensor, backwards bool, f func(part bool, at, before int)) {
	steps := states.Type.Shape[0]
	for row := range states.Rows {
		for k := range steps {
			if backwards {
				k = steps - 1 - k
			}
			at, before := r.position(k, steps)
			if before >= 0 {
				before += row * steps
			}
			at += row * steps
			f(!r.Masked || mask[0].Data[at] != 0, at, before)
		}
	}
}

// numberAt returns an element of an array [positions, size], 0 of no position.
func numberAt(x ir.Tensor, position, size, k int) float64 {
	if position < 0 {
		return 0
	}
	return x.Data[position*size+k]
}

// hidden returns element j of h·Wᵀ, h being the states of a position, 0 of none.
func hidden(w, states ir.Tensor, position, j int) float64 {
	size := w.Type.Shape[1]
	sum := 0.0
	for k := range size {
		sum += w.Data[j*size+k] * numberAt(states, position, size, k)
	}
	return sum
}

// call is the call of a kernel on states of that shape. If there is no mask, nil stands in its place.
func (r recurrent) call(kernel string, states ir.Shape, operands ...*ir.Value) ir.Call {
	g := ir.Geometry{Type: "Recurrent", Fields: append(wholes("Steps", states[0], "Hidden", states[1], "Gates", r.gates),
		ir.Attr{Name: "Reverse", Text: fmt.Sprint(r.Reverse)})}
	return ir.Call{Kernel: kernel, Operands: operands, Scratch: true, Rows: 1, Geometry: &g}
}

// masked returns the operands with nil for a mask if there is none.
func (r recurrent) masked(in []*ir.Value) []*ir.Value {
	operands := append([]*ir.Value{}, in...)
	if !r.Masked {
		operands = append(operands, nil)
	}
	return operands
}

// maskOf lists the mask among a node's operands, the last of them, if there is one.
func (r recurrent) maskOf(n *ir.Node) []*ir.Value {
	if !r.Masked {
		return nil
	}
	return n.In[len(n.In)-1:]
}

// constant lists the number of the mask among so many other operands, if there is one.
func (r recurrent) constant(others int) []int {
	if !r.Masked {
		return nil
	}
	return []int{others}
}

// flops counts the products.
func (r recurrent) flops(states func(n *ir.Node) ir.Shape) func(n *ir.Node) int {
	return func(n *ir.Node) int {
		s := states(n)
		return 2 * s[0] * r.gates * s[1] * s[1]
	}
}

// backward is the scratch of the gradients: zeros, so many times what a row carries, and the weight turned.
func (r recurrent) backward(weight int, carried int) func(n *ir.Node, rows int) int {
	return func(n *ir.Node, rows int) int {
		w := n.In[weight].Type.Shape
		return w[1] + carried*rows*w[1] + w.Size()
	}
}

// forward is the scratch of the layers likewise.
func (r recurrent) forward(carried int) func(n *ir.Node, rows int) int {
	return func(n *ir.Node, rows int) int { return n.In[1].Type.Shape[1] * (1 + carried*rows) }
}

var (
	_ = register(func() *ir.Op { return recurrent{gates: 1}.gradWeight() }, in(row(1, 3), row(1, 3)), in(row(4, 5), row(4, 5)))
	_ = register(func() *ir.Op { return recurrent{Recurrence{Reverse: true}, 3}.gradWeight() }, in(row(5, 6), row(5, 18)), in(row(2, 1), row(2, 3)))
)

// gradWeight is ∂W [gates·H, H]: the sum over rows and steps of the products of what flows into the product of the states,
// d [n, T, gates·H], with the states [n, T, H] of the step before.
func (r recurrent) gradWeight() *ir.Op {
	order := Recurrence{Reverse: r.Reverse}
	return &ir.Op{
		Name:    "recurrent_grad_weight",
		Attrs:   append(wholes("gates", r.gates), order.attrs()...),
		Doc:     "∂W = Σ dᵀ·h over rows and steps, h the states of the step before",
		Formula: "{y} = {1}ᵀ·{0} of the step before" + order.text(0),
		Layouts: ir.Layouts{Results: map[int][]ir.Layout{0: {ir.Panels}}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			states, d := in[0], in[1]
			if len(states.Shape) != 2 || !d.Equal(withLast(states, r.gates*states.Shape[1])) {
				return nil, fmt.Errorf("states %v do not fit %v", states, d)
			}
			return []ir.Type{ir.Whole(d.Shape[1], states.Shape[1])}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			states, d := xs[0], xs[1]
			size, width := states.Type.Shape[1], d.Type.Shape[1]
			clear(ys[0].Data)
			recurrent{Recurrence: order}.each(states, nil, false, func(_ bool, at, before int) {
				for j := range width {
					for k := range size {
						ys[0].Data[j*size+k] += d.Data[at*width+j] * numberAt(states, before, size, k)
					}
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call { return r.call("RecurrentGradWeight", n.In[0].Type.Shape, n.In...) },
		FLOPs: func(n *ir.Node) int {
			s := n.In[0].Type.Shape
			return 2 * (s[0] - 1) * r.gates * s[1] * s[1]
		},
	}
}
