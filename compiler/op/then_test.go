package op_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

func turn(card *ir.Op, places ...int) ir.Fused { return ir.Fused{Op: card, In: places} }

// huberGrad is the card of a loss's gradient, which has an attribute.
func huberGrad() *ir.Op {
	b, n := node(op.Huber(0.5), []ir.Type{ir.Row(3), ir.Row(3)})
	return n.Op.Grad(b, n, []*ir.Value{b.Const(1)})[0].Def.Op
}

func TestThenIsAProductWithMaps(t *testing.T) {
	card := op.Then(turn(op.Linear(false), 1, 0), turn(op.Mul(), 2, ir.Before), turn(op.Tanh(), ir.Before))
	assert.Equal(t, "linear+mul+tanh mul=2,· tanh=·", card.Name+card.Attrs.String())
	assert.Equal(t, []ir.Layout{ir.Panels, ir.RowMajor}, card.Layouts.Operands[0], "where the weight is")
	assert.Nil(t, card.Layouts.Operands[1])
	assert.Equal(t, ir.Fixed, card.Order)
	assert.Empty(t, card.Over, "rows of x are read for other elements, and all maps' operands when sums stand there")

	_, n := node(card, []ir.Type{ir.Whole(2, 3), ir.Row(3), ir.Row(2)})
	x0, x1, x2 := n.In[0], n.In[1], n.In[2]
	assert.Equal(t, ir.Call{Kernel: "LinearRowsThen", Results: n.Out[:1], Operands: []*ir.Value{x1, x0, nil}, Scratch: true, Rows: 1,
		Consts: []ir.Constant{ir.Size(3), ir.Size(2)},
		Maps: []ir.Call{
			{Kernel: "Mul", Results: n.Out[1:2], Operands: []*ir.Value{x2, n.Out[0]}, Rows: 1, Consts: []ir.Constant{ir.Size(2)}},
			{Kernel: "Tanh", Results: n.Out[2:], Operands: []*ir.Value{n.Out[1]}, Rows: 1, Consts: []ir.Constant{ir.Size(2)}},
		}}, card.Emit(n))
	x0.Layout = ir.Panels
	assert.Equal(t, "LinearThen", card.Emit(n).Kernel)
	assert.Equal(t, 12+2+2, card.FLOPs(n))

	xs := []ir.Tensor{{Type: x0.Type, Rows: 1, Data: []float64{1, 2, 3, 4, 5, 6}}, {Type: x1.Type, Rows: 1, Data: []float64{1, 0, -1}}, {Type: x2.Type, Rows: 1, Data: []float64{0.5, 2}}}
	ys := []ir.Tensor{ir.NewTensor(n.Out[0].Type, 1), ir.NewTensor(n.Out[0].Type, 1), ir.NewTensor(n.Out[0].Type, 1)}
	card.Eval(ys, xs)
	assert.Equal(t, []float64{-2, -2}, ys[0].Data)
	assert.Equal(t, []float64{-1, -4}, ys[1].Data)
	assert.Equal(t, []float64{math.Tanh(-1), math.Tanh(-4)}, ys[2].Data)

	_, err := card.Types([]ir.Type{ir.Whole(2, 3), ir.Row(3), ir.Row(5)})
	require.ErrorContains(t, err, "mul: operands of types")
	_, err = card.Types([]ir.Type{ir.Whole(2, 3), ir.Row(4), ir.Row(2)})
	require.ErrorContains(t, err, "linear: ")
}

func TestThenIsAChain(t *testing.T) {
	card := op.Then(turn(huberGrad(), 0, 1, 2), turn(op.Mul(), ir.Before, ir.Before))
	assert.Equal(t, "huber_grad+mul delta=0.5 mul=·,·", card.Name+card.Attrs.String())
	assert.Equal(t, ir.Fixed, card.Order, "its first operand is a number")
	_, n := node(card, []ir.Type{{}, ir.Row(3), ir.Row(3)})
	none := []*ir.Value{}
	assert.Equal(t, ir.Call{Kernel: "Chain", Results: none, Operands: none, Rows: 1, Consts: []ir.Constant{ir.Size(3)},
		Maps: []ir.Call{
			{Kernel: "HuberGrad", Results: n.Out[:1], Operands: n.In, Rows: 1, Consts: []ir.Constant{ir.Size(3), ir.Number(0.5)}},
			{Kernel: "Mul", Results: n.Out[1:], Operands: []*ir.Value{n.Out[0], n.Out[0]}, Rows: 1, Consts: []ir.Constant{ir.Size(3)}},
		}}, card.Emit(n))
	assert.Equal(t, ir.Alike, op.Then(turn(op.Add(), 0, 1), turn(op.Tanh(), ir.Before)).Order)
}

// All that a chain makes may lie over what only its first operation reads: the others find it overwritten.
func TestThenLiesOverWhatIsDoneWith(t *testing.T) {
	card := op.Then(turn(op.Add(), 0, 1), turn(op.Mul(), 1, ir.Before), turn(op.Mul(), ir.Before, 2))
	assert.Equal(t, []ir.Pair{{Result: 0, Operand: 0}, {Result: 1, Operand: 0}, {Result: 2, Operand: 0}}, card.Over)
}

func TestThenTakesTheScratchOfTheFirst(t *testing.T) {
	first := op.Linear(false)
	assert.Nil(t, op.Then(turn(first, 0, 1), turn(op.Tanh(), ir.Before)).Scratch)
	first.Scratch = func(n *ir.Node, rows int) int { return rows * n.In[1].Type.Shape.Size() }
	card := op.Then(turn(first, 1, 0), turn(op.Tanh(), ir.Before))
	_, n := node(card, []ir.Type{ir.Whole(2, 3), ir.Row(3)})
	assert.Equal(t, 30, card.Scratch(n, 5))
}
