package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// updateTypes is the Types of an update rule with that many slots: W, ∂W and the slots are of one type, the
// number of the step may follow; W and the slots result.
func updateTypes(slots int) func(in []ir.Type) ([]ir.Type, error) {
	return func(in []ir.Type) ([]ir.Type, error) {
		if len(in) < 2+slots {
			return nil, fmt.Errorf("%d operands for %d slots", len(in), slots)
		}
		if _, err := same(in[:2+slots]); err != nil {
			return nil, err
		}
		results := make([]ir.Type, 1+slots)
		for i := range results {
			results[i] = in[0]
		}
		return results, nil
	}
}

// update calls an update kernel on the elements of W: its arguments are W, the slots, ∂W, the step's number
// if the rule counts, the number of elements, the rule's constants.
func update(kernel string, constants ...float64) func(*ir.Node) ir.Call {
	return func(n *ir.Node) ir.Call {
		call := ir.Call{Kernel: kernel, Consts: []ir.Constant{ir.Size(n.In[0].Type.Shape.Size())}}
		for _, c := range constants {
			call.Consts = append(call.Consts, ir.Number(c))
		}
		return call
	}
}
