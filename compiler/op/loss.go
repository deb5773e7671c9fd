package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// lossTypes is the Types of a loss that compares values of one shape: a scalar.
func lossTypes(in []ir.Type) ([]ir.Type, error) {
	if _, err := same(in[:2]); err != nil {
		return nil, err
	}
	return []ir.Type{{}}, nil
}

// lossGradTypes is the Types of such a loss's gradient: ∂loss, then the loss's operands.
func lossGradTypes(in []ir.Type) ([]ir.Type, error) {
	if !in[0].Scalar() {
		return nil, fmt.Errorf("∂loss is %v, no scalar", in[0])
	}
	return same(in[1:])
}

// lossGrad adds the gradient of a loss for its first operand; targets have none.
func lossGrad(card func() *ir.Op) func(*ir.Builder, *ir.Node, []*ir.Value) []*ir.Value {
	return func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
		dx := b.Node("∂"+n.In[0].Name, card(), dys[0], n.In[0], n.In[1])[0]
		return []*ir.Value{dx, nil}
	}
}

// meanOf is the Eval of a loss that is the mean of f over all elements of all rows.
func meanOf(f func(x, t float64) float64) func(ys, xs []ir.Tensor) {
	return func(ys, xs []ir.Tensor) {
		sum := 0.0
		for i, x := range xs[0].Data {
			sum += f(x, xs[1].Data[i])
		}
		ys[0].Data[0] = sum / float64(len(xs[0].Data))
	}
}

// meanGradOf is the Eval of its gradient: ∂loss·f'(x, t) / (n·size).
func meanGradOf(df func(x, t float64) float64) func(ys, xs []ir.Tensor) {
	return func(ys, xs []ir.Tensor) {
		scale := xs[0].Data[0] / float64(len(xs[1].Data))
		for i, x := range xs[1].Data {
			ys[0].Data[i] = scale * df(x, xs[2].Data[i])
		}
	}
}

// writtenMean writes such a loss out: the terms are summed in lanes and divided by their number.
func writtenMean(term func(x, t ir.Expr) ir.Expr) func(*ir.Node) []ir.Written {
	return func(n *ir.Node) []ir.Written {
		size := n.In[0].Type.Shape.Size()
		return []ir.Written{{
			Sum:   ir.InLanes,
			Terms: size,
			Elem: func(i int) ir.Expr {
				return term(ir.Elem{Of: n.In[0], Index: i}, ir.Elem{Of: n.In[1], Index: i})
			},
			Post: ir.Div(ir.Total{}, ir.Rows{Times: size}),
		}}
	}
}

// flopsOf counts k operations per element of operand i.
func flopsOf(i, k int) func(*ir.Node) int {
	return func(n *ir.Node) int { return k * n.In[i].Type.Shape.Size() }
}

// lossGradCall calls a loss's gradient kernel on the n·size elements of the second operand.
func lossGradCall(kernel string) func(*ir.Node) ir.Call {
	return func(n *ir.Node) ir.Call {
		return ir.Call{Kernel: kernel, Rows: 1, Consts: []ir.Constant{ir.Size(n.In[1].Type.Shape.Size())}}
	}
}
