// Package op is the catalogue of operations: one file per operation, holding its card and the cards of its
// gradients. What comes in are types and attributes; what goes out are cards of package ir. The package knows
// neither the language's words nor Go source. The laws in op_test.go hold for every card that is registered.
package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Entry is a card of the catalogue with sample operand types, which feed the laws.
type Entry struct {
	Make    func() *ir.Op
	Samples [][]ir.Type
}

// Catalogue returns every registered card, once for each set of attributes worth testing.
func Catalogue() []Entry { return entries }

var entries []Entry

func register(card func() *ir.Op, samples ...[]ir.Type) struct{} {
	entries = append(entries, Entry{card, samples})
	return struct{}{}
}

// in lists the operand types of one sample.
func in(types ...ir.Type) []ir.Type { return types }

// row and whole shorten the samples.
var (
	row   = ir.Row
	whole = ir.Whole
)

// same is the Types of an operation whose operands all have the result's type.
func same(in []ir.Type) ([]ir.Type, error) {
	for _, t := range in[1:] {
		if !t.Equal(in[0]) {
			return nil, fmt.Errorf("operands of types %v and %v", in[0], t)
		}
	}
	return in[:1], nil
}

// matrix returns a type's extent as a matrix whose columns are the last axis, per row of the batch.
func matrix(t ir.Type) (positions, columns int) {
	columns = t.Shape.Last()
	return t.Shape.Size() / columns, columns
}

// elementwise calls the kernel on the n·size elements of the first operand, n being 1 without a batch axis.
func elementwise(kernel string) func(*ir.Node) ir.Call {
	return func(n *ir.Node) ir.Call {
		size := ir.Size(n.In[0].Type.Shape.Size())
		if !n.In[0].Type.Batch {
			return ir.Call{Kernel: kernel, Consts: []ir.Constant{ir.Size(1), size}}
		}
		return ir.Call{Kernel: kernel, Rows: 1, Consts: []ir.Constant{size}}
	}
}

// written is the Written of an element-wise operation with one result.
func written(f func(operands ...ir.Expr) ir.Expr) func(*ir.Node) []ir.Written {
	return func(n *ir.Node) []ir.Written {
		return []ir.Written{{Elem: func(i int) ir.Expr {
			operands := make([]ir.Expr, len(n.In))
			for k, v := range n.In {
				operands[k] = ir.Elem{Of: v, Index: i}
			}
			return f(operands...)
		}}}
	}
}

// apply is the Written of an element-wise operation that is a function of the kernel package.
func apply(function string) func(*ir.Node) []ir.Written {
	return written(func(operands ...ir.Expr) ir.Expr { return ir.Apply{Func: function, Args: operands} })
}

// flops counts k operations per element of the first operand.
func flops(k int) func(*ir.Node) int {
	return func(n *ir.Node) int { return k * n.In[0].Type.Shape.Size() }
}

// each is the Eval of an element-wise operation with one result.
func each(f func(x ...float64) float64) func(ys, xs []ir.Tensor) {
	return func(ys, xs []ir.Tensor) {
		operands := make([]float64, len(xs))
		for i := range ys[0].Data {
			for k, x := range xs {
				operands[k] = x.Data[i]
			}
			ys[0].Data[i] = f(operands...)
		}
	}
}
