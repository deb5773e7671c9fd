package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return ClipScale(0.5, 1) }, in(whole(5, 9)))
	_ = register(func() *ir.Op { return ClipScale(100, 2) }, in(whole(5, 9), whole(7)))
)

// ClipScale is the factor min(1, most/(norm + 1e-6)) by which gradients are scaled so that their joint L2 norm is at
// most that: as torch.nn.utils.clip_grad_norm_.
//
// Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.
func ClipScale(most float64, gradients int) *ir.Op {
	return &ir.Op{
		Name:    "clip_scale",
		Attrs:   ir.Attrs{{Name: "norm", Value: most}, {Name: "gradients", Value: float64(gradients)}},
		Doc:     "scale = min(1, most / (‖all gradients‖ + 1e-6))",
		Formula: "{y} = min(1, {norm} / (‖all gradients‖ + 1e-6))",
		Types:   func([]ir.Type) ([]ir.Type, error) { return []ir.Type{scalar}, nil },
		Order:   ir.Free,
		Eval: func(ys, xs []ir.Tensor) {
			sum := 0.0
			for _, x := range xs {
				for _, v := range x.Data {
					sum += v * v
				}
			}
			ys[0].Data[0] = min(1, most/(math.Sqrt(sum)+1e-6))
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "ClipScale", List: n.In, Consts: []ir.Constant{ir.Number(most)}}
		},
		FLOPs: func(*ir.Node) int { return 0 }, // once per step, not per row
	}
}

var _ = register(func() *ir.Op { return ClipValue(0.5) }, in(whole(1)).from(0, wide), in(whole(5, 9)).from(0, wide))

// ClipValue cuts every element of a gradient to ±most, where it lies: as torch.nn.utils.clip_grad_value_.
func ClipValue(most float64) *ir.Op {
	op := elementwise{
		name: "clip_value", kernel: "ClipValue", args: 1, names: []string{"g"}, attrs: ir.Attrs{{Name: "most", Value: most}},
		doc: "g = min(max(g, −most), most)", formula: "{0} = min(max({0}, −{most}), {most})",
		value: apply(funcMin, apply(funcMax, x0, ir.Sub(ir.Num(0), ir.Named("most"))), ir.Named("most")),
	}.card()
	op.Over, op.Overwrites = nil, []ir.Pair{{}}
	return op
}

// wide reaches the pieces of what changes its definition at ±½ and at 1.
var wide = Domain{Least: 0.1, Most: 3}
