package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Noise, in(row(37), row(37)))

// Noise is y = x + draw when training and y = x in prediction: x, draw and y of one shape.
func Noise() *ir.Op {
	op := Add()
	op.Name, op.Doc, op.Constant = "noise", "y = x + draw when training, y = x in prediction", []int{1}
	op.Grad = func(_ *ir.Builder, _ *ir.Node, dys []*ir.Value) []*ir.Value { return []*ir.Value{dys[0], nil} }
	op.Torch = func(n *ir.Node) ir.Torch {
		drawn := n.In[1].Def
		if drawn == nil { // of a sample
			return ir.Torch{}
		}
		return ir.Torch{Module: "Noise({stream}, " + pyNumber(drawn.Op.Attrs.Number("std")) + ")", Call: "{m}({0})",
			Absorbs: []*ir.Node{drawn}, Parts: []string{"noise"}}
	}
	op.Predict = func(_ *ir.Builder, _ *ir.Node, in []*ir.Value) []*ir.Value { return in[:1] }
	return op
}

// The sample has no law of numbers: a draw is random. TestNoise of the kernel package tests it.
var _ = register(func() *ir.Op { return NoiseDraw(0.25, 4, 9) }, in(step))

// NoiseDraw is from the normal distribution around 0 with the standard deviation std, independently for each element: a
// function of the seed, the step, the layer's name, the row and the element.
func NoiseDraw(std float64, dims ...int) *ir.Op {
	attrs := ir.Attrs{{Name: "std", Value: std}}
	for i, d := range dims {
		attrs = append(attrs, ir.Attr{Name: fmt.Sprintf("d%d", i), Value: float64(d)})
	}
	return &ir.Op{
		Name:    "noise_draw",
		Attrs:   attrs,
		Doc:     "drawn from N(0, std²)",
		Formula: fmt.Sprintf("{y} drawn from N(0, %v²)", std),
		Random:  true,
		Predict: func(*ir.Builder, *ir.Node, []*ir.Value) []*ir.Value { return []*ir.Value{nil} },
		Types:   func([]ir.Type) ([]ir.Type, error) { return []ir.Type{ir.Row(dims...)}, nil },
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Noise", Rows: 1, Consts: []ir.Constant{ir.Size(n.Out[0].Type.Shape.Size()), ir.Number(std)}}
		},
		FLOPs: func(*ir.Node) int { return 0 },
	}
}
