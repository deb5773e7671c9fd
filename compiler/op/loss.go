package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// meanLoss describes a loss that is the mean of a term over all elements of all rows, x and t being of one shape:
// everything else of its card and that of its gradient follows from the expressions.
type meanLoss struct {
	name    string // mse
	kernel  string // MSE
	doc     string
	formula string
	attrs   ir.Attrs
	term    ir.Expr // in terms of x and t, which are x(0) and x(1)
	// slope is the term's derivative by x over factor, likewise; factor is a number that is taken out of it, 1 where 0.
	slope                ir.Expr
	factor               float64
	gradDoc, gradFormula string   // of ∂loss, x, t
	operands             []string // what goes in; nil: x and t
	torch                func(weighted bool) func(*ir.Node) ir.Torch
	weighs               bool // each term has a weight
}

// weighted returns the loss whose terms are each multiplied by an element u of a third operand of the same shape, into
// which no gradient flows: with what RowShares makes of a weight for each row, it is the weighted mean.
func (l meanLoss) weighted() meanLoss {
	l.name, l.kernel = "weighted_"+l.name, "Weighted"+l.kernel
	l.doc += ", each times its u"
	l.gradDoc += ", each times its u"
	l.formula += ", weighted by {2}"
	l.gradFormula += ", weighted by {3}"
	l.term, l.slope = ir.Mul(l.term, x2), ir.Mul(l.slope, x2)
	l.operands = []string{"x", "t", "u"}
	l.weighs = true
	return l
}

// names are the operands.
func (l meanLoss) names() []string {
	if l.operands == nil {
		return []string{"x", "t"}
	}
	return l.operands
}

// card returns the loss's card: x and t go in, a scalar comes out.
func (l meanLoss) card() *ir.Op {
	return &ir.Op{
		Name:     l.name,
		Attrs:    l.attrs,
		Doc:      l.doc,
		Formula:  l.formula,
		Types:    lossTypes,
		Scalar:   l.term,
		Operands: l.names(),
		Mean:     true,
		Constant: constants(len(l.names())),
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			grads := make([]*ir.Value, len(n.In))
			grads[0] = b.Node("∂"+n.In[0].Name, l.gradCard(), append([]*ir.Value{dys[0]}, n.In...)...)[0]
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			sum, count := 0.0, len(xs[0].Data)
			for i := range count {
				sum += ir.Evaluate(l.term, leafAt(l.attrs, xs, i, count), nil)
			}
			ys[0].Data[0] = sum / float64(count)
		},
		Emit:  perElement(l.kernel, l.attrs),
		Torch: l.torch(l.weighs),
		Written: func(n *ir.Node) []ir.Written {
			t := n.In[0].Type
			return []ir.Written{{
				Sum:   ir.InLanes,
				Terms: t.Shape.Size(),
				Elem:  func(i int) ir.Expr { return elementAt(l.term, l.attrs, n.In, i, t) },
				Post:  ir.Div(ir.Total{}, ir.Rows{Times: t.Shape.Size()}),
			}}
		},
		FLOPs: flops(1 + ir.Operations(l.term)),
	}
}

// gradCard returns the card of ∂x = slope·(factor·∂loss / count), whose operands are ∂loss, x and t.
func (l meanLoss) gradCard() *ir.Op {
	scale := ir.Expr(x0)
	if l.factor != 0 {
		scale = ir.Mul(ir.Num(l.factor), scale)
	}
	slope := ir.Replace(l.slope, func(leaf ir.Expr) ir.Expr {
		if arg, ok := leaf.(ir.Arg); ok {
			return arg + 1
		}
		return leaf
	})
	value := ir.Mul(slope, ir.Div(scale, ir.Count{}))
	return &ir.Op{
		Name:     l.name + "_grad",
		Attrs:    l.attrs,
		Doc:      l.gradDoc,
		Formula:  l.gradFormula,
		Types:    lossGradTypes,
		Scalar:   value,
		Operands: append([]string{"∂loss"}, l.names()...),
		Eval:     evalScalar(value, l.attrs),
		Emit:     perElement(l.kernel+"Grad", l.attrs),
		Written:  writtenScalar(value, l.attrs),
		FLOPs:    flops(1 + ir.Operations(l.slope)),
		Over:     over(len(l.names()) + 1)[1:],
	}
}

// constants are the operands of a loss that no gradient flows into: all but the first.
func constants(operands int) []int {
	var list []int
	for i := 1; i < operands; i++ {
		list = append(list, i)
	}
	return list
}

// lossTypes is the Types of a loss that compares values of one shape: a scalar.
func lossTypes(in []ir.Type) ([]ir.Type, error) {
	if _, err := same(in); err != nil {
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
