package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return RNNAt(5) }, recurrentAtSample(1, 4, 1, false, 3), recurrentAtSample(1, 19, 1, false, 0))
	_ = register(func() *ir.Op { return GRUAt(5, true) }, recurrentAtSample(3, 2, 1, true, 0), recurrentAtSample(3, 19, 1, true, 4))
	_ = register(func() *ir.Op { return GRUAt(5, false) }, recurrentAtSample(3, 19, 1, false, 2))
	_ = register(func() *ir.Op { return LSTMAt(5) }, recurrentAtSample(4, 2, 2, false, 0), recurrentAtSample(4, 19, 2, false, 3))
)

// recurrentAtSample is a sample of a position of a layer of that size, which keeps so many arrays.
func recurrentAtSample(gates, size, kept int, bias bool, at int) Sample {
	types := []ir.Type{row(1, gates*size), whole(gates*size, size)}
	if bias {
		types = append(types, whole(gates*size))
	}
	for range kept {
		types = append(types, whole(size))
	}
	// The weights are small, so that rows that go on from one another do not carry roundings far.
	return in(append(types, step)...).from(1, Domain{Least: 0.01, Most: 0.1}).is(len(types), float64(at))
}

// recurrentAt is a recurrent layer at one position of a sequence. Its operands are x [n, 1, gates·H] and W, as of the
// whole sequence, a bias if the layer has one, what it keeps [H] of the position before, which is 0 at the first, and the
// position. Of several rows each goes on from where the one before has come.
type recurrentAt struct {
	recurrent
	name, kernel string
	positions    int
	bias         bool
	doc, formula string
	results      []string // what it keeps, the states first
	// cell computes an element of a step from the gates' inputs and products, and makes kept what is kept of the element.
	cell func(x, product []float64, kept []float64)
}

// RNNAt is RNN at one of so many positions: y = h = tanh(x + h·Wᵀ).
func RNNAt(positions int) *ir.Op {
	return recurrentAt{recurrent: recurrent{gates: 1}, name: "rnn_at", kernel: "RNNAt", positions: positions, results: []string{"states"},
		doc: "y = tanh(x + h·Wᵀ), h being y of the position before", formula: "{y} = tanh({0} + h·Wᵀ)",
		cell: func(x, product, kept []float64) { kept[0] = math.Tanh(x[0] + product[0]) },
	}.card()
}

// GRUAt is GRU at one of so many positions.
func GRUAt(positions int, bias bool) *ir.Op {
	product := "h·Wᵀ"
	if bias {
		product += " + b"
	}
	return recurrentAt{recurrent: recurrent{gates: 3}, name: "gru_at", kernel: "GRUAt", positions: positions, bias: bias, results: []string{"states"},
		doc: "y = (1 − z)·n + z·h, the gates of x and h·Wᵀ + b, h being y of the position before", formula: "{y} = (1 − z)·n + z·h, the gates of {0} and " + product,
		cell: func(x, product, kept []float64) {
			r, z := logistic(x[0]+product[0]), logistic(x[1]+product[1])
			n := math.Tanh(x[2] + r*product[2])
			kept[0] = (1-z)*n + z*kept[0]
		},
	}.card()
}

// LSTMAt is LSTM at one of so many positions, which keeps its cells too.
func LSTMAt(positions int) *ir.Op {
	return recurrentAt{recurrent: recurrent{gates: 4}, name: "lstm_at", kernel: "LSTMAt", positions: positions, results: []string{"states", "cells"},
		doc: "y = o·tanh(c), c = f·c + i·g, the gates of x + h·Wᵀ, h being y of the position before", formula: "{y} = o·tanh(c), c = f·c + i·g, the gates of {0} + h·Wᵀ",
		cell: func(x, product, kept []float64) {
			gate := func(g int) float64 { return logistic(x[g] + product[g]) }
			kept[1] = gate(1)*kept[1] + gate(0)*math.Tanh(x[2]+product[2])
			kept[0] = gate(3) * math.Tanh(kept[1])
		},
	}.card()
}

func (r recurrentAt) card() *ir.Op {
	first := 2 + int(number(r.bias)) // of what is kept
	op := &ir.Op{
		Name:    r.name,
		Attrs:   wholes("positions", r.positions),
		Doc:     r.doc,
		Formula: r.formula,
		Results: r.results,
		Saved:   len(r.results),
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{1: {ir.Panels}}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != first+len(r.results)+1 || len(in[1].Shape) != 2 || !onePosition(in[0]) || !in[len(in)-1].Equal(step) {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			kept := ir.Whole(in[1].Shape[1])
			var others []ir.Type
			if r.bias {
				others = append(others, ir.Whole(in[1].Shape[0]))
			}
			results := []ir.Type{}
			for range r.results {
				others, results = append(others, kept), append(results, kept)
			}
			y, err := r.types(in[:len(in)-1], others...)
			return append([]ir.Type{y}, results...), err
		},
		Eval: func(ys, xs []ir.Tensor) {
			w, size, at := xs[1], xs[1].Type.Shape[1], xs[len(xs)-1].Data[0]
			for i := range r.results {
				clear(ys[1+i].Data)
				if at > 0 {
					copy(ys[1+i].Data, xs[first+i].Data)
				}
			}
			for row := range ys[0].Rows {
				states := ir.NewTensor(ys[1].Type, 1)
				copy(states.Data, ys[1].Data)
				x, product, kept := make([]float64, r.gates), make([]float64, r.gates), make([]float64, len(r.results))
				for k := range size {
					for g := range r.gates {
						x[g], product[g] = xs[0].Data[(row*r.gates+g)*size+k], hidden(w, states, 0, g*size+k)
						if r.bias {
							product[g] += xs[2].Data[g*size+k]
						}
					}
					for i := range kept {
						kept[i] = ys[1+i].Data[k]
					}
					r.cell(x, product, kept)
					for i, v := range kept {
						ys[1+i].Data[k] = v
					}
				}
				copy(ys[0].Data[row*size:], ys[1].Data)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			operands := append([]*ir.Value{}, n.In...)
			if r.gates == 3 && !r.bias {
				operands = append([]*ir.Value{n.In[0], n.In[1], nil}, n.In[2:]...)
			}
			return r.call(r.kernel, ir.Shape{r.positions, n.In[1].Type.Shape[1]}, operands...)
		},
		Scratch: func(n *ir.Node, _ int) int { return n.In[1].Type.Shape[0] },
		FLOPs:   func(n *ir.Node) int { return 2 * n.In[1].Type.Shape.Size() },
	}
	for i := range r.results {
		op.Overwrites = append(op.Overwrites, ir.Pair{Result: 1 + i, Operand: first + i})
	}
	return op
}

// next is the Next of a recurrent layer whose card at one of so many positions that is, and which keeps those arrays: nil of
// one that comes from the last position, or that has a mask.
func (r Recurrence) next(at func(positions int) *ir.Op, names ...string) func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
	if r.Reverse || r.Masked {
		return nil
	}
	return func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
		shape := n.Out[0].Type.Shape
		operands := append([]*ir.Value{}, in...)
		for _, name := range names {
			operands = append(operands, b.Value(ir.Kept, n.Out[0].Name+".kept_"+name, ir.Whole(shape[1])))
		}
		out := b.Node(n.Out[0].Name, at(shape[0]), append(operands, b.Scalar(ir.Position))...)
		return append([]*ir.Value{out[0]}, make([]*ir.Value, len(n.Out)-1)...)
	}
}
