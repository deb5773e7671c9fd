package op

import "github.com/nnc-lang/nnc/compiler/ir"

// weighed is what a weight for each row changes of a loss of positions.
type weighed struct {
	on   bool
	name string // before those of the cards
}

func weighing(on bool) weighed {
	if on {
		return weighed{true, "weighted_"}
	}
	return weighed{}
}

// doc says that a mean is a weighted one.
func (w weighed) doc(formula string) string {
	if w.on {
		return formula + ", each times its row's w, with Σw for n"
	}
	return formula
}

// formula says it, the weights being the operand.
func (w weighed) formula(operand string) string {
	if w.on {
		return ", weighted by " + operand
	}
	return ""
}

// constant lists operand i, if there are weights.
func (w weighed) constant(i int) []int {
	if w.on {
		return []int{i}
	}
	return nil
}

// of is the weight of a position, of so many in all rows: 1, or that of its row in operand i.
func (w weighed) of(xs []ir.Tensor, i, position, positions int) float64 {
	if !w.on {
		return 1
	}
	return xs[i].Data[position/(positions/len(xs[i].Data))]
}

// along is the call of a kernel that works along the last axis of x, or of its twin that takes weights and so must know how
// many positions a row has.
func (w weighed) along(kernel string, x ir.Type) ir.Call {
	positions, size := matrix(x)
	if w.on {
		return ir.Call{Kernel: "Weighted" + kernel, Rows: 1, Consts: []ir.Constant{ir.Size(positions), ir.Size(size)}}
	}
	return ir.Call{Kernel: kernel, Rows: positions, Consts: []ir.Constant{ir.Size(size)}}
}
