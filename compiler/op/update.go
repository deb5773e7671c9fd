package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// updateTypes is the Types of an update rule with that many slots: W, ∂W and the slots are of one type, then come the
// scale of the gradient and the rule's scalars; W and the slots result.
func updateTypes(slots int, scalars ...ir.Type) func(in []ir.Type) ([]ir.Type, error) {
	return func(in []ir.Type) ([]ir.Type, error) {
		arrays := 2 + slots
		if len(in) != arrays+1+len(scalars) {
			return nil, fmt.Errorf("%d operands for %d slots and %d scalars", len(in), slots, 1+len(scalars))
		}
		if _, err := same(in[:arrays]); err != nil {
			return nil, err
		}
		for i, t := range append([]ir.Type{scalar}, scalars...) {
			if !in[arrays+i].Equal(t) {
				return nil, fmt.Errorf("scalar %d is %v, not %v", i, in[arrays+i], t)
			}
		}
		results := make([]ir.Type, 1+slots)
		for i := range results {
			results[i] = in[0]
		}
		return results, nil
	}
}

// cell is one element of a parameter in its update, in float64: W, the gradient g, and the slots, which the update changes;
// what stands behind the scale of the gradient among the scalars.
type cell struct {
	w, g           float64
	slots, scalars []float64
}

// updating is the card of an update with those slots and scalars: its gradient is s·∂W + decay·W, and each says what becomes
// of an element.
func updating(card ir.Op, decay float64, slots []string, scalars []ir.Type, each func(e *cell)) *ir.Op {
	card.Results = slots
	card.Types = updateTypes(len(slots), scalars...)
	card.Overwrites = overwritten(len(slots))
	card.Order = ir.Alike
	card.Eval = func(ys, xs []ir.Tensor) {
		arrays := 2 + len(slots)
		e := cell{slots: make([]float64, len(slots))}
		for _, x := range xs[arrays+1:] {
			e.scalars = append(e.scalars, x.Data[0])
		}
		for i, w := range xs[0].Data {
			e.w, e.g = w, xs[arrays].Data[0]*xs[1].Data[i]+decay*w
			for k := range slots {
				e.slots[k] = xs[2+k].Data[i]
			}
			each(&e)
			ys[0].Data[i] = e.w
			for k, v := range e.slots {
				ys[1+k].Data[i] = v
			}
		}
	}
	return &card
}

// gradientText is the gradient in the formula of an update with such a penalty.
func gradientText(decay float64) string {
	if decay == 0 {
		return "{scale}{1}"
	}
	return "{scale}{1} + {decay} {0}"
}

// prelude is the card of what an optimiser makes of the rate and the number of the step, counted from 0: float32s, of which
// those behind the first have names. The kernel takes the attributes as its constants.
func prelude(card ir.Op, kernel string, results []string, eval func(lr, t float64) []float64) *ir.Op {
	card.Results = results
	card.Types = func(in []ir.Type) ([]ir.Type, error) {
		if len(in) != 2 || !in[0].Equal(real64) || !in[1].Equal(step) {
			return nil, fmt.Errorf("operands %v are no rate and no step", in)
		}
		return make([]ir.Type, 1+len(results)), nil
	}
	card.Eval = func(ys, xs []ir.Tensor) {
		for i, y := range eval(xs[0].Data[0], xs[1].Data[0]+1) {
			ys[i].Data[0] = y
		}
	}
	card.Emit = func(*ir.Node) ir.Call {
		call := ir.Call{Kernel: kernel}
		for _, a := range card.Attrs {
			call.Consts = append(call.Consts, ir.Number(a.Value))
		}
		return call
	}
	card.FLOPs = flops(0)
	return &card
}

// rated makes an optimiser's scalars by a card of the rate and the number of the step.
func rated(card *ir.Op) func(b *ir.Builder, rate *ir.Value) []*ir.Value {
	return func(b *ir.Builder, rate *ir.Value) []*ir.Value {
		return b.Node("rate", card, rate, b.Scalar(ir.StepNumber))
	}
}

// atRate is the only scalar of an optimiser that needs the rate alone.
func atRate(b *ir.Builder, rate *ir.Value) []*ir.Value { return b.Node("rate", Rounded(), rate) }

// overwritten says that an update with that many slots overwrites W, operand 0, and the slots, operands 2, 3, ….
func overwritten(slots int) []ir.Pair {
	pairs := []ir.Pair{{}}
	for i := range slots {
		pairs = append(pairs, ir.Pair{Result: 1 + i, Operand: 2 + i})
	}
	return pairs
}

// update calls an update kernel on the elements of W: its arguments are W, the slots, ∂W, the scalars, the number of
// elements, the rule's constants.
func update(kernel string, constants ...float64) func(*ir.Node) ir.Call {
	return func(n *ir.Node) ir.Call {
		call := ir.Call{Kernel: kernel, Consts: []ir.Constant{ir.Size(n.In[0].Type.Shape.Size())}}
		for _, c := range constants {
			call.Consts = append(call.Consts, ir.Number(c))
		}
		return call
	}
}
