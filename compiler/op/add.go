package op

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(Add, in(row(1), row(1)), in(row(4, 9), row(4, 9)), in(whole(5, 3), whole(5, 3)))

// Add is z = x + y, element by element: x, y and z of one shape. Where a value is used more than once, its
// gradient is such a sum.
func Add() *ir.Op {
	return &ir.Op{
		Name:    "add",
		Doc:     "z = x + y",
		Formula: "{y} = {0} + {1}",
		Types:   same,
		Grad: func(_ *ir.Builder, _ *ir.Node, dys []*ir.Value) []*ir.Value {
			return []*ir.Value{dys[0], dys[0]}
		},
		Eval:    each(func(x ...float64) float64 { return x[0] + x[1] }),
		Emit:    elementwise("Add"),
		Written: written(func(x ...ir.Expr) ir.Expr { return ir.Add(x[0], x[1]) }),
		FLOPs:   flops(1),
	}
}
