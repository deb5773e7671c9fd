package op

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return WeightedSum(1, 0.5) }, in(ir.Type{}, ir.Type{}))
	_ = register(func() *ir.Op { return WeightedSum(0.3, 1, 2) }, in(ir.Type{}, ir.Type{}, ir.Type{}))
	_ = register(func() *ir.Op { return WeightedSum(0.25) }, in(ir.Type{}))
)

// WeightedSum is y = w₀·x₀ + w₁·x₁ + … of scalars: the total of several losses.
func WeightedSum(weights ...float64) *ir.Op {
	attrs, terms := make(ir.Attrs, len(weights)), make([]string, len(weights))
	for i, w := range weights {
		attrs[i], terms[i] = ir.Attr{Name: fmt.Sprintf("w%d", i), Value: w}, fmt.Sprintf("{%d}", i)
		if w != 1 {
			terms[i] = fmt.Sprintf("%v·{%d}", w, i)
		}
	}
	return &ir.Op{
		Name:    "weighted_sum",
		Attrs:   attrs,
		Doc:     "y = Σ w·x of scalars",
		Formula: "{y} = " + strings.Join(terms, " + "),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != len(weights) {
				return nil, fmt.Errorf("%d operands for %d weights", len(in), len(weights))
			}
			for _, t := range in {
				if !t.Equal(ir.Type{}) {
					return nil, fmt.Errorf("%v is no scalar", t)
				}
			}
			return []ir.Type{{}}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			grads := make([]*ir.Value, len(weights))
			for i, w := range weights {
				grads[i] = scaled(b, "∂"+n.In[i].Name, w, dys[0])
			}
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			ys[0].Data[0] = 0
			for i, w := range weights {
				ys[0].Data[0] += w * xs[i].Data[0]
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := ir.Call{Kernel: "WeightedSum"}
			for _, w := range weights {
				call.Consts = append(call.Consts, ir.Number(w))
			}
			return call
		},
		Written: func(n *ir.Node) []ir.Written {
			return []ir.Written{{Elem: func(int) ir.Expr {
				return dot(len(weights), func(k int) ir.Expr { return ir.Mul(ir.Num(weights[k]), ir.Elem{Of: n.In[k]}) })
			}}}
		},
		FLOPs: func(*ir.Node) int { return 2 * len(weights) },
	}
}

// scaled returns w·x of a scalar x, a constant where x is one.
func scaled(b *ir.Builder, name string, w float64, x *ir.Value) *ir.Value {
	switch {
	case x.Role == ir.Const:
		return b.Const(w * x.Number)
	case w == 1:
		return x
	}
	return b.Node(name, WeightedSum(w), x)[0]
}
