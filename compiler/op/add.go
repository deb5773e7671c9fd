package op

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(Add, in(row(1), row(1)), in(row(4, 9), row(4, 9)), in(whole(5, 3), whole(5, 3)))

// Add is z = x + y, element by element: x, y and z of one shape. Where a value is used more than once, its
// gradient is such a sum.
func Add() *ir.Op {
	op := elementwise{name: "add", kernel: "Add", args: 2, doc: "z = x + y", torch: "{0} + {1}", formula: "{y} = {0} + {1}", value: ir.Add(x0, x1)}.card()
	op.Grad = func(_ *ir.Builder, _ *ir.Node, dys []*ir.Value) []*ir.Value {
		return []*ir.Value{dys[0], dys[0]}
	}
	sum := op.Torch
	op.Torch = func(n *ir.Node) ir.Torch {
		if t, is := prelu(n); is {
			return t
		}
		return sum(n)
	}
	return op
}
