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
