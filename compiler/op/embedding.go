package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Embedding,
	in(ir.Classes(20), whole(20, 3)),
	in(ir.Classes(11, 8), whole(11, 5)),
	in(ir.Classes(1, 2, 3), whole(1, 1)))

// Embedding is y = W[c], a row of W for each integer: c [n, …] in [0, v), W [v, dim], y [n, …, dim].
func Embedding() *ir.Op {
	return &ir.Op{
		Name:    "embedding",
		Doc:     "y = W[c], the row c of W",
		Formula: "{y} = W[{0}]",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			c, w := in[0], in[1]
			if c.Kind != ir.I32 || !c.Batch || len(w.Shape) != 2 || !w.Equal(ir.Whole(c.Limit, w.Shape.Last())) {
				return nil, fmt.Errorf("there is no row of W %v for each of %v", w, c)
			}
			return []ir.Type{ir.Row(append(slices.Clone(c.Shape), w.Shape[1])...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return []*ir.Value{nil, b.Node("∂"+n.In[1].Name, EmbeddingGrad(), dys[0], n.In[0])[0]}
		},
		Eval: func(ys, xs []ir.Tensor) {
			dim := xs[1].Type.Shape[1]
			for i, c := range xs[0].Data {
				copy(ys[0].Data[i*dim:][:dim], xs[1].Data[int(c)*dim:])
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			c, w := n.In[0], n.In[1]
			return ir.Call{Kernel: "Embedding", Operands: []*ir.Value{w, c}, Rows: c.Type.Shape.Size(), Consts: []ir.Constant{ir.Size(w.Type.Shape[1])}}
		},
		Torch: func(n *ir.Node) ir.Torch {
			if w := n.In[1].Type.Shape; ownsTensor(n, 1) {
				return ir.Torch{Module: fmt.Sprintf("nn.Embedding(%d, %d)", w[0], w[1]), Call: "{m}({0})"}
			}
			return ir.Torch{Call: "F.embedding({0}, {1})"}
		},
		Next:  eachPosition,
		FLOPs: func(*ir.Node) int { return 0 },
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{onnx{o}.op(13, "Gather", with("axis", 0), in[1], in[0])}
		},
	}
}

var _ = register(EmbeddingGrad,
	in(row(3), ir.Classes(20)),
	in(row(8, 5), ir.Classes(11, 8)),
	in(row(2, 3, 1), ir.Classes(1, 2, 3)))

// EmbeddingGrad is ∂W: its row k is the sum of ∂y wherever c is k, over rows and positions; 0 for an integer that does
// not occur: ∂y [n, …, dim], c [n, …] in [0, v), ∂W [v, dim].
func EmbeddingGrad() *ir.Op {
	return &ir.Op{
		Name:     "embedding_grad",
		Doc:      "∂W[k] = Σ ∂y where c = k",
		Formula:  "{y}[k] = Σ {0} where {1} = k",
		Scatters: true,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			dy, c := in[0], in[1]
			dim := dy.Shape.Last()
			if c.Kind != ir.I32 || !dy.Equal(ir.Row(append(slices.Clone(c.Shape), dim)...)) {
				return nil, fmt.Errorf("∂y %v does not fit %v", dy, c)
			}
			return []ir.Type{ir.Whole(c.Limit, dim)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			dim := ys[0].Type.Shape[1]
			clear(ys[0].Data)
			for i, c := range xs[1].Data {
				for k := range dim {
					ys[0].Data[int(c)*dim+k] += xs[0].Data[i*dim+k]
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			w := n.Out[0].Type.Shape
			return ir.Call{Kernel: "EmbeddingGrad", Rows: n.In[1].Type.Shape.Size(), Consts: []ir.Constant{ir.Size(w[0]), ir.Size(w[1])}}
		},
		FLOPs: func(n *ir.Node) int { return n.In[0].Type.Shape.Size() },
	}
}
