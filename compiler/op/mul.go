package op

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(Mul, in(row(1), row(1)), in(row(4, 9), row(4, 9)))

// Mul is z = x ∘ y, element by element: x, y and z of one shape.
func Mul() *ir.Op {
	op := elementwise{name: "mul", kernel: "Mul", args: 2, doc: "z = x ∘ y", torch: "{0} * {1}", formula: "{y} = {0} ∘ {1}", value: ir.Mul(x0, x1)}.card()
	op.Grad = func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
		x, y := n.In[0], n.In[1]
		return []*ir.Value{
			b.Node("∂"+x.Name, Mul(), dys[0], y)[0],
			b.Node("∂"+y.Name, Mul(), dys[0], x)[0],
		}
	}
	return op
}
