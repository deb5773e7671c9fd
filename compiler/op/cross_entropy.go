package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// ignored is the class that takes no part in the loss, as in PyTorch.
const ignored = -100

var _ = register(CrossEntropy,
	in(row(10), ir.Classes(10)),
	in(row(37), ir.Classes(37)),
	in(row(4, 9), ir.Classes(9, 4)))

// CrossEntropy is the mean of −log softmax(x)[c] over all positions whose class c is not −100: x [n, …, C],
// c [n, …]. The probabilities are its second result, of x's shape. Without any position the loss is 0.
func CrossEntropy() *ir.Op {
	return &ir.Op{
		Name:    "cross_entropy",
		Doc:     "loss = mean of −log softmax(x)[c]",
		Formula: "{y} = mean of −log softmax({0})[{1}]",
		Results: []string{"probabilities"},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, c := in[0], in[1]
			if len(x.Shape) == 0 || c.Kind != ir.I32 || !slices.Equal(c.Shape, x.Shape[:len(x.Shape)-1]) {
				return nil, fmt.Errorf("classes %v do not fit %v", c, x)
			}
			return []ir.Type{{}, x}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			dx := b.Node("∂"+n.In[0].Name, CrossEntropyGrad(), dys[0], n.Out[1], n.In[1])[0]
			return []*ir.Value{dx, nil}
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[0].Matrix()
			sum, counted := 0.0, 0
			for r := range rows {
				x := xs[0].Data[r*classes:][:classes]
				logSum := softmax(ys[1].Data[r*classes:][:classes], x)
				if c := int(xs[1].Data[r]); c != ignored {
					sum += logSum - x[c]
					counted++
				}
			}
			ys[0].Data[0] = sum / float64(max(counted, 1))
		},
		Emit:  alongLast("CrossEntropy"),
		FLOPs: flops(6),
	}
}

var _ = register(CrossEntropyGrad,
	in(ir.Type{}, row(10), ir.Classes(10)),
	in(ir.Type{}, row(4, 9), ir.Classes(9, 4)))

// CrossEntropyGrad is ∂x = ∂loss·(p − onehot(c)) / m, where m is the number of positions not ignored; it is 0
// at those ignored.
func CrossEntropyGrad() *ir.Op {
	return &ir.Op{
		Name:    "cross_entropy_grad",
		Doc:     "∂x = ∂loss·(p − onehot(c)) / n",
		Formula: "{y} = ({1} − onehot({2})) / n",
		Types:   func(in []ir.Type) ([]ir.Type, error) { return in[1:2], nil },
		Eval: func(ys, xs []ir.Tensor) {
			rows, classes := xs[1].Matrix()
			counted := 0
			for _, c := range xs[2].Data {
				if int(c) != ignored {
					counted++
				}
			}
			scale := xs[0].Data[0] / float64(max(counted, 1))
			for r := range rows {
				c := int(xs[2].Data[r])
				if c == ignored {
					continue
				}
				for k := range classes {
					ys[0].Data[r*classes+k] = scale * xs[1].Data[r*classes+k]
				}
				ys[0].Data[r*classes+c] -= scale
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			positions, classes := matrix(n.In[1].Type)
			return ir.Call{Kernel: "CrossEntropyGrad", Rows: positions, Consts: []ir.Constant{ir.Size(classes)}}
		},
		FLOPs: flopsOf(1, 2),
	}
}
