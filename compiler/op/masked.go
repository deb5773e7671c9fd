package op

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// A mask says which positions of a sequence take part: those where it is not 0. No gradient flows into it.

var _ = register(NotZero, in(ir.Classes(3, 5)), in(ir.Classes(2, 4, 5)))

// NotZero is the mask of integers: 1 where c is not 0, else 0.
func NotZero() *ir.Op {
	return &ir.Op{
		Name:    "not_zero",
		Doc:     "y = 1 where c ≠ 0, else 0",
		Formula: "{y} = 1 where {0} ≠ 0, else 0",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if in[0].Kind != ir.I32 || !in[0].Batch {
				return nil, fmt.Errorf("%v are no integers", in[0])
			}
			return []ir.Type{ir.Row(in[0].Shape...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			for i, c := range xs[0].Data {
				ys[0].Data[i] = number(c != 0)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "NotZero", Rows: 1, Consts: []ir.Constant{ir.Size(n.Out[0].Type.Shape.Size())}}
		},
		Torch: torchCall("{0} != 0"),
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.cast(onnx{o}.isSet(in[0]), onnxFloat)}
		},
	}
}

var _ = register(func() *ir.Op { return FirstPositions(4) }, in(ir.Classes(5, 1)))

// FirstPositions is the mask [n, T] of lengths [n, 1], integers up to T: in each row so many positions are 1, the others 0.
func FirstPositions(t int) *ir.Op {
	return &ir.Op{
		Name:    "first_positions",
		Attrs:   wholes("positions", t),
		Doc:     "y = 1 at the first c positions, else 0",
		Formula: "{y} = 1 at the first {0} of {positions} positions, else 0",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if !in[0].Equal(ir.Classes(t+1, 1)) {
				return nil, fmt.Errorf("%v is no length up to %d", in[0], t)
			}
			return []ir.Type{ir.Row(t)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			for i := range ys[0].Data {
				ys[0].Data[i] = number(float64(i%t) < xs[0].Data[i/t])
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "FirstPositions", Rows: 1, Consts: []ir.Constant{ir.Size(t)}}
		},
		Torch: torchCall(fmt.Sprintf("torch.arange(%d, device={0}.device) < {0}", t)),
		FLOPs: flops(0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.cast(onnx{o}.op(13, "Less", nil, onnx{o}.upTo(t), in[0]), onnxFloat)}
		},
	}
}

// sparse is a domain of masks, in which about half of the positions take part, and in some rows none.
var sparse = Domain{Least: 0.1, Most: 1.1, Sparse: true}

// choice is a card that makes one of the positions of x [T, …]: their sum with weights that follow from the mask [T].
type choice struct {
	name, kernel, torch, doc, formula string
	weights                           func(mask, weights []float64) // fills the weights, which are 0
	onnx                              func(o onnx, x, mask string, axes int) string
}

var (
	_ = register(MaskedMean, in(row(3, 4), row(3)).from(1, sparse), in(row(1, 20), row(1)).from(1, sparse), in(row(2, 2, 3), row(2)).from(1, sparse))
	_ = register(Last, in(row(3, 4), row(3)).from(1, sparse), in(row(1, 20), row(1)).from(1, sparse), in(row(2, 2, 3), row(2)).from(1, sparse))
	_ = register(func() *ir.Op { return averaging.grad() }, in(row(4), row(3)).from(1, sparse), in(row(2, 3), row(2)).from(1, sparse))
	_ = register(func() *ir.Op { return latest.grad() }, in(row(4), row(3)).from(1, sparse), in(row(2, 3), row(2)).from(1, sparse))
)

// MaskedMean is the mean of those positions of x [n, T, …] that take part, added from the first on; 0 if there is none.
func MaskedMean() *ir.Op { return averaging.card() }

var averaging = choice{
	name: "masked_mean", kernel: "MaskedMean", torch: "masked_mean",
	doc: "y = the mean of x over the positions where the mask is not 0", formula: "mean of {0} where {1} ≠ 0",
	weights: func(mask, weights []float64) {
		count := 0.0
		for _, m := range mask {
			count += number(m != 0)
		}
		for t, m := range mask {
			if m != 0 {
				weights[t] = 1 / count
			}
		}
	},
	onnx: func(o onnx, x, mask string, axes int) string {
		part := o.isSet(mask)
		count := o.op(13, "Max", nil, o.summed(o.cast(part, onnxFloat), true, 1), o.Floats([]int{1}, 1))
		kept := o.op(16, "Where", nil, o.unsqueezed(part, until(2, axes)...), x, o.Floats(nil, 0))
		return o.op(14, "Div", nil, o.summed(kept, false, 1), o.unsqueezed(count, until(2, axes-1)...))
	},
}

// Last is the last position of x [n, T, …] that takes part; 0 if there is none.
func Last() *ir.Op { return latest.card() }

var latest = choice{
	name: "last", kernel: "Last", torch: "masked_last",
	doc: "y = the last position of x where the mask is not 0", formula: "last of {0} where {1} ≠ 0",
	weights: func(mask, weights []float64) {
		for t := len(mask) - 1; t >= 0; t-- {
			if mask[t] != 0 {
				weights[t] = 1
				return
			}
		}
	},
	// The largest of what is 1 for positions that take part, and the last of equals, is the one that is wanted, if there is any.
	onnx: func(o onnx, x, mask string, axes int) string {
		part := o.cast(o.isSet(mask), onnxFloat)
		at := o.op(13, "ArgMax", with("axis", 1, "keepdims", 1, "select_last_index", 1), part)
		last := o.op(13, "Squeeze", nil, o.gathered(x, at), o.list(1))
		some := o.isSet(o.summed(part, true, 1))
		return o.op(16, "Where", nil, o.unsqueezed(some, until(2, axes-1)...), last, o.Floats(nil, 0))
	},
}

// each goes through the elements of y [n, …], those of x [n, T, …] that they are made of, and their weights.
func (w choice) each(y, x, mask ir.Tensor, f func(y, x *float64, weight float64)) {
	positions, inner := len(mask.Data)/mask.Rows, len(y.Data)/y.Rows
	for r := range mask.Rows {
		weights := make([]float64, positions)
		w.weights(mask.Data[r*positions:][:positions], weights)
		for t, weight := range weights {
			for k := range inner {
				f(&y.Data[r*inner+k], &x.Data[(r*positions+t)*inner+k], weight)
			}
		}
	}
}

// card is the operation on x [n, T, …] and a mask [n, T].
func (w choice) card() *ir.Op {
	return &ir.Op{
		Name:     w.name,
		Doc:      w.doc,
		Formula:  "{y} = " + w.formula,
		Constant: []int{1},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, mask := in[0], in[1]
			if !x.Batch || x.Kind != ir.F32 || len(x.Shape) < 2 || !mask.Equal(ir.Row(x.Shape[0])) {
				return nil, fmt.Errorf("a mask %v does not say which positions of %v take part", mask, x)
			}
			return []ir.Type{ir.Row(x.Shape[1:]...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return append(b.Node("∂"+n.In[0].Name, w.grad(), dys[0], n.In[1]), nil)
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			w.each(ys[0], xs[0], xs[1], func(y, x *float64, weight float64) { *y += *x * weight })
		},
		Emit:  func(n *ir.Node) ir.Call { return cutAt(n.In[0].Type.Shape, 0).call(w.kernel) },
		Torch: torchCall(w.torch+"({0}, {1})", "masked"),
		FLOPs: flopsOf(0, 1),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{w.onnx(onnx{o}, in[0], in[1], 1+len(n.In[0].Type.Shape))}
		},
	}
}

// grad is ∂x, of ∂y [n, …] and the mask [n, T].
func (w choice) grad() *ir.Op {
	return &ir.Op{
		Name:    w.name + "_grad",
		Doc:     "∂x = ∂y with the weights that " + w.name + " gives the positions",
		Formula: "{y} = {0} with the weights of a " + strings.ReplaceAll(w.formula, "{0}", "positions"),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			dy, mask := in[0], in[1]
			if !dy.Batch || dy.Kind != ir.F32 || len(mask.Shape) != 1 || !mask.Equal(ir.Row(mask.Shape[0])) {
				return nil, fmt.Errorf("a mask %v does not say to which positions ∂y %v flows", mask, dy)
			}
			return []ir.Type{ir.Row(append(slices.Clone(mask.Shape), dy.Shape...)...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			w.each(xs[0], ys[0], xs[1], func(dy, dx *float64, weight float64) { *dx = *dy * weight })
		},
		Emit:  func(n *ir.Node) ir.Call { return cutAt(n.Out[0].Type.Shape, 0).call(w.kernel + "Grad") },
		FLOPs: flops(1),
	}
}
