package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Linear(true) },
		in(row(10), whole(1, 10), whole(1)),
		in(row(37), whole(19, 37), whole(19)),
		in(row(600), whole(5, 600), whole(5)),
		in(row(4, 7), whole(9, 7), whole(9)))
	_ = register(func() *ir.Op { return Linear(false) },
		in(row(3), whole(2, 3)),
		in(row(37), whole(19, 37)))
)

// Linear is y = x·Wᵀ + b along the last axis: x [n, …, in], W [out, in], b [out] if bias, y [n, …, out].
func Linear(bias bool) *ir.Op {
	formula := "{y} = {0}·Wᵀ"
	if bias {
		formula += " + b"
	}
	return &ir.Op{
		Name:    "linear",
		Doc:     "y = x·Wᵀ + b, along the last axis",
		Maps:    true,
		Formula: formula,
		Layouts: ir.Layouts{Operands: weightAt(1)},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if bias != (len(in) == 3) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			x, w := in[0], in[1]
			if len(w.Shape) != 2 || x.Shape.Last() != w.Shape[1] || len(x.Shape) == 0 {
				return nil, fmt.Errorf("x %v does not fit W %v", x, w)
			}
			if bias && !in[2].Equal(ir.Whole(w.Shape[0])) {
				return nil, fmt.Errorf("b %v does not fit W %v", in[2], w)
			}
			return []ir.Type{withLast(x, w.Shape[0])}, nil
		},
		// ∂x = ∂y·W;  ∂W = ∂yᵀ·x;  ∂b = Σ ∂y
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			x, w, dy := n.In[0], n.In[1], dys[0]
			grads := []*ir.Value{
				b.Node("∂"+x.Name, LinearGradInput(), dy, w)[0],
				b.Node("∂"+w.Name, LinearGradWeight(), x, dy)[0],
			}
			if bias {
				grads = append(grads, b.Node("∂"+n.In[2].Name, LinearGradBias(), dy)[0])
			}
			return grads
		},
		Eval: func(ys, xs []ir.Tensor) {
			x, w, y := xs[0], xs[1], ys[0]
			rows, in := x.Matrix()
			out := w.Type.Shape[0]
			for r := range rows {
				for j := range out {
					sum := 0.0
					for k := range in {
						sum += x.Data[r*in+k] * w.Data[j*in+k]
					}
					if bias {
						sum += xs[2].Data[j]
					}
					y.Data[r*out+j] = sum
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, in := matrix(n.In[0].Type)
			operands := n.In
			if !bias {
				operands = []*ir.Value{n.In[0], n.In[1], nil}
			}
			return ir.Call{Kernel: "Linear" + rows(n.In[1]), Operands: operands, Scratch: true, Rows: positions,
				Consts: []ir.Constant{ir.Size(in), ir.Size(n.In[1].Type.Shape[0])}}
		},
		Written: func(n *ir.Node) []ir.Written {
			in, out := n.In[0].Type.Shape.Last(), n.In[1].Type.Shape[0]
			return []ir.Written{{Elem: func(i int) ir.Expr {
				position, j := i/out, i%out
				sum := dot(in, func(k int) ir.Expr {
					return ir.Mul(ir.Elem{Of: n.In[0], Index: position*in + k}, ir.Elem{Of: n.In[1], Index: j*in + k})
				})
				if bias {
					sum = ir.Add(sum, ir.Elem{Of: n.In[2], Index: j})
				}
				return sum
			}}}
		},
		Torch: func(n *ir.Node) ir.Torch {
			w, more := n.In[1].Type.Shape, ""
			if !bias {
				more = ", bias=False"
			}
			return ir.Torch{Module: fmt.Sprintf("nn.Linear(%d, %d%s)", w[1], w[0], more), Call: "{m}({0})"}
		},
		Next:  eachRow,
		ONNX:  onnxLinear,
		FLOPs: func(n *ir.Node) int { return 2 * n.In[0].Type.Shape.Size() * n.In[1].Type.Shape[0] },
	}
}

// onnxLinear is one operator for rows of one axis, and a product with the turned weight for others.
func onnxLinear(o ir.ONNX, n *ir.Node, in []string) []string {
	if len(n.In[0].Type.Shape) == 1 {
		return o.Add(13, "Gemm", 1, in, ir.ONNXAttr{Name: "transB", Value: 1})
	}
	turned := o.Add(13, "Transpose", 1, in[1:2], ir.ONNXAttr{Name: "perm", Value: []int{1, 0}})
	y := o.Add(13, "MatMul", 1, []string{in[0], turned[0]})
	if len(in) == 3 {
		y = o.Add(14, "Add", 1, []string{y[0], in[2]})
	}
	return y
}

var _ = register(LinearGradInput,
	in(row(1), whole(1, 10)),
	in(row(19), whole(19, 37)),
	in(row(4, 9), whole(9, 7)),
	in(row(600), whole(600, 5)))

// LinearGradInput is ∂x = ∂y·W: ∂y [n, …, out], W [out, in], ∂x [n, …, in].
func LinearGradInput() *ir.Op {
	return &ir.Op{
		Name:    "linear_grad_input",
		Doc:     "∂x = ∂y·W",
		Maps:    true,
		Formula: "{y} = {0}·W",
		Layouts: ir.Layouts{Operands: weightAt(1)},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			dy, w := in[0], in[1]
			if len(w.Shape) != 2 || dy.Shape.Last() != w.Shape[0] {
				return nil, fmt.Errorf("∂y %v does not fit W %v", dy, w)
			}
			return []ir.Type{withLast(dy, w.Shape[1])}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			dy, w, dx := xs[0], xs[1], ys[0]
			rows, out := dy.Matrix()
			in := w.Type.Shape[1]
			for r := range rows {
				for k := range in {
					sum := 0.0
					for j := range out {
						sum += dy.Data[r*out+j] * w.Data[j*in+k]
					}
					dx.Data[r*in+k] = sum
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, out := matrix(n.In[0].Type)
			return ir.Call{Kernel: "LinearGradInput" + rows(n.In[1]), Scratch: true, Rows: positions,
				Consts: []ir.Constant{ir.Size(n.In[1].Type.Shape[1]), ir.Size(out)}}
		},
		Written: func(n *ir.Node) []ir.Written {
			out, in := n.In[1].Type.Shape[0], n.In[1].Type.Shape[1]
			return []ir.Written{{Elem: func(i int) ir.Expr {
				position, k := i/in, i%in
				return dot(out, func(j int) ir.Expr {
					return ir.Mul(ir.Elem{Of: n.In[0], Index: position*out + j}, ir.Elem{Of: n.In[1], Index: j*in + k})
				})
			}}}
		},
		FLOPs: func(n *ir.Node) int { return 2 * n.In[0].Type.Shape.Size() * n.In[1].Type.Shape[1] },
	}
}

var _ = register(LinearGradWeight,
	in(row(10), row(1)),
	in(row(37), row(19)),
	in(row(4, 7), row(4, 9)))

// LinearGradWeight is ∂W = ∂yᵀ·x, summed over rows and positions: x [n, …, in], ∂y [n, …, out], ∂W [out, in].
func LinearGradWeight() *ir.Op {
	return &ir.Op{
		Name:    "linear_grad_weight",
		Doc:     "∂W = ∂yᵀ·x",
		Formula: "{y} = {1}ᵀ·{0}",
		Layouts: ir.Layouts{Results: weightAt(0)},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			px, columns := matrix(in[0])
			py, out := matrix(in[1])
			if px != py {
				return nil, fmt.Errorf("x %v does not fit ∂y %v", in[0], in[1])
			}
			return []ir.Type{ir.Whole(out, columns)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			x, dy, dw := xs[0], xs[1], ys[0]
			rows, in := x.Matrix()
			_, out := dy.Matrix()
			for j := range out {
				for k := range in {
					sum := 0.0
					for r := range rows {
						sum += dy.Data[r*out+j] * x.Data[r*in+k]
					}
					dw.Data[j*in+k] = sum
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, in := matrix(n.In[0].Type)
			return ir.Call{Kernel: "LinearGradWeight" + rows(n.Out[0]), Scratch: true, Rows: 1,
				Consts: []ir.Constant{ir.Size(positions), ir.Size(in), ir.Size(n.In[1].Type.Shape.Last())}}
		},
		Written: func(n *ir.Node) []ir.Written {
			positions, in := matrix(n.In[0].Type)
			if positions > 1 {
				return nil
			}
			return []ir.Written{{Sum: ir.OverRows, Elem: func(i int) ir.Expr {
				return ir.Mul(ir.Elem{Of: n.In[1], Index: i / in}, ir.Elem{Of: n.In[0], Index: i % in})
			}}}
		},
		FLOPs: func(n *ir.Node) int { return 2 * n.In[0].Type.Shape.Size() * n.In[1].Type.Shape.Last() },
	}
}

var _ = register(LinearGradBias, in(row(1)), in(row(19)), in(row(4, 9)))

// LinearGradBias is ∂b = Σ ∂y over rows and positions: ∂y [n, …, out], ∂b [out].
func LinearGradBias() *ir.Op {
	return &ir.Op{
		Name:    "linear_grad_bias",
		Doc:     "∂b = Σ ∂y over rows",
		Formula: "{y} = Σ {0} over rows",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			return []ir.Type{ir.Whole(in[0].Shape.Last())}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, out := xs[0].Matrix()
			for j := range out {
				sum := 0.0
				for r := range rows {
					sum += xs[0].Data[r*out+j]
				}
				ys[0].Data[j] = sum
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, out := matrix(n.In[0].Type)
			return ir.Call{Kernel: "LinearGradBias", Rows: 1, Consts: []ir.Constant{ir.Size(positions), ir.Size(out)}}
		},
		Written: func(n *ir.Node) []ir.Written {
			if positions, _ := matrix(n.In[0].Type); positions > 1 {
				return nil
			}
			return []ir.Written{{Sum: ir.OverRows, Elem: func(i int) ir.Expr {
				return ir.Elem{Of: n.In[0], Index: i}
			}}}
		},
		FLOPs: func(*ir.Node) int { return 0 }, // a matrix product's convention counts the products alone
	}
}

// productBefore returns the product that has made a value, with its bias or without; nil if none has.
func productBefore(v *ir.Value) *ir.Node {
	if v.Def == nil || v.Def.Op.Name != Linear(false).Name {
		return nil
	}
	return v.Def
}

// weightAt says that operand or result i is the weight of a product, which may lie in panels, or row by row where
// something else reads its rows.
func weightAt(i int) map[int][]ir.Layout { return map[int][]ir.Layout{i: {ir.Panels, ir.RowMajor}} }

// rows ends the names of the kernels for a weight that lies row by row.
func rows(w *ir.Value) string {
	if w.Layout == ir.RowMajor {
		return "Rows"
	}
	return ""
}

// withLast returns the type with its last axis replaced.
func withLast(t ir.Type, last int) ir.Type {
	shape := append(ir.Shape{}, t.Shape...)
	shape[len(shape)-1] = last
	return ir.Type{Shape: shape, Batch: t.Batch}
}

// dot sums n terms, the first first.
func dot(n int, term func(k int) ir.Expr) ir.Expr {
	sum := term(0)
	for k := 1; k < n; k++ {
		sum = ir.Add(sum, term(k))
	}
	return sum
}
