package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Dropout, in(row(37), row(37)))

// Dropout is y = x ∘ mask when training and y = x in prediction: x, mask and y of one shape.
func Dropout() *ir.Op {
	op := Mul()
	op.Name, op.Doc, op.Constant = "dropout", "y = x ∘ mask when training, y = x in prediction", []int{1}
	op.Grad = func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
		return []*ir.Value{b.Node("∂"+n.In[0].Name, Mul(), dys[0], n.In[1])[0], nil}
	}
	op.Torch = func(n *ir.Node) ir.Torch {
		return torchDropout(n.In[1])
	}
	op.Predict = func(_ *ir.Builder, _ *ir.Node, in []*ir.Value) []*ir.Value { return in[:1] }
	return op
}

// torchDropout is the rule of what multiplies by that mask. Nothing has drawn that of a sample.
func torchDropout(mask *ir.Value) ir.Torch {
	if mask.Def == nil {
		return ir.Torch{}
	}
	return ir.Torch{Module: "Dropout({stream}, " + pyNumber(mask.Def.Op.Attrs.Number("p")) + ")", Call: "{m}({0})",
		Absorbs: []*ir.Node{mask.Def}, Parts: []string{"dropout"}}
}

// The sample has no law of numbers: a mask is random. TestDropoutMask of the kernel package tests it.
var _ = register(func() *ir.Op { return DropoutMask(0.25, 4, 9) }, in(step))

// DropoutMask is 0 with probability p, else 1/(1−p), independently for each element: a function of the seed,
// the step, the layer's name, the row and the element.
func DropoutMask(p float64, dims ...int) *ir.Op {
	attrs := ir.Attrs{{Name: "p", Value: p}}
	for i, d := range dims {
		attrs = append(attrs, ir.Attr{Name: fmt.Sprintf("d%d", i), Value: float64(d)})
	}
	return &ir.Op{
		Name:    "dropout_mask",
		Attrs:   attrs,
		Doc:     "0 with probability p, else 1/(1−p)",
		Formula: fmt.Sprintf("{y} = 0 with probability %v, else 1/(1−%[1]v)", p),
		Random:  true,
		Predict: func(*ir.Builder, *ir.Node, []*ir.Value) []*ir.Value { return []*ir.Value{nil} },
		Types:   func([]ir.Type) ([]ir.Type, error) { return []ir.Type{ir.Row(dims...)}, nil },
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "DropoutMask", Rows: 1, Consts: []ir.Constant{ir.Size(n.Out[0].Type.Shape.Size()), ir.Number(p)}}
		},
		FLOPs: func(*ir.Node) int { return 0 },
	}
}
