package op

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(Mul, in(row(1), row(1)), in(row(4, 9), row(4, 9)))

// Mul is z = x ∘ y, element by element: x, y and z of one shape.
func Mul() *ir.Op {
	return &ir.Op{
		Name:    "mul",
		Doc:     "z = x ∘ y",
		Formula: "{y} = {0} ∘ {1}",
		Types:   same,
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, y := n.In[0], n.In[1]
			return []*ir.Value{
				b.Node("∂"+x.Name, Mul(), dys[0], y)[0],
				b.Node("∂"+y.Name, Mul(), dys[0], x)[0],
			}
		},
		Eval:    each(func(x ...float64) float64 { return x[0] * x[1] }),
		Emit:    elementwise("Mul"),
		Written: written(func(x ...ir.Expr) ir.Expr { return ir.Mul(x[0], x[1]) }),
		FLOPs:   flops(1),
	}
}
