package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Blend, in(whole(1), whole(1), scalar).is(2, 0.3), in(whole(5, 9), whole(5, 9), scalar).is(2, 0.3),
	in(whole(5, 9), whole(5, 9), scalar).is(2, 1.5))

// Blend moves a running mean a by a share of the way to x, where a lies: a + share·(x − a). From a share of 1 on it
// becomes x, whatever a is, so that a mean begins with its first number. Operands: a, x, the share.
func Blend() *ir.Op {
	card := elementwise{
		name: "blend", kernel: "Blend", args: 2, names: []string{"a", "x", "share"},
		doc: "a += share·(x − a)", formula: "{0} += {2} ({1} − {0})",
		value: apply(funcWhere, ir.Num(1), x2, ir.Add(x0, ir.Mul(x2, ir.Sub(x1, x0))), x1),
	}.card()
	card.Types = func(in []ir.Type) ([]ir.Type, error) {
		if len(in) != 3 || !in[2].Equal(scalar) {
			return nil, fmt.Errorf("operands %v are no two arrays and a share", in)
		}
		return same(in[:2])
	}
	card.Emit = func(n *ir.Node) ir.Call {
		return ir.Call{Kernel: "Blend", Consts: []ir.Constant{ir.Size(1), ir.Size(n.In[0].Type.Shape.Size())}}
	}
	card.Over, card.Overwrites, card.Written, card.FLOPs = nil, []ir.Pair{{}}, nil, flopsOf(0, 4)
	return card
}

var _ = register(func() *ir.Op { return AverageShare(0.999) }, in(step).is(0, 0), in(step).is(0, 3))

// AverageShare is the share by which a step, counted from 0, moves the averages of parameters: 1 − decay, in the first 1.
func AverageShare(decay float64) *ir.Op {
	return &ir.Op{
		Name:    "average_share",
		Attrs:   ir.Attrs{{Name: "decay", Value: decay}},
		Doc:     "share = 1 in step 0, then 1 − decay",
		Formula: "{y} = 1 in the first step, then 1 − {decay}",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 1 || !in[0].Equal(step) {
				return nil, fmt.Errorf("operands %v are no step", in)
			}
			return []ir.Type{scalar}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			ys[0].Data[0] = 1 - decay
			if xs[0].Data[0] == 0 {
				ys[0].Data[0] = 1
			}
		},
		Emit: func(*ir.Node) ir.Call {
			return ir.Call{Kernel: "AverageShare", Consts: []ir.Constant{ir.Number(decay)}}
		},
		FLOPs: flops(0),
	}
}

var _ = register(BatchShare, in(step, step).is(0, 0).is(1, 5), in(step, step).is(0, 12).is(1, 4))

// BatchShare is the share by which a batch moves the mean gradients of a step: n/(rows + n), of the step's rows before it
// and its own n.
func BatchShare() *ir.Op {
	return &ir.Op{
		Name:    "batch_share",
		Doc:     "share = n/(rows + n)",
		Formula: "{y} = rows of the batch / rows of the step with it",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 2 || !in[0].Equal(step) || !in[1].Equal(step) {
				return nil, fmt.Errorf("operands %v are no numbers of rows", in)
			}
			return []ir.Type{scalar}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			ys[0].Data[0] = xs[1].Data[0] / (xs[0].Data[0] + xs[1].Data[0])
		},
		Emit:  func(*ir.Node) ir.Call { return ir.Call{Kernel: "BatchShare"} },
		FLOPs: flops(0),
	}
}
