package op

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op {
		return Then(fused(Linear(true), 0, 1, 2), fused(ReLU(), ir.Before))
	}, in(row(37), whole(19, 37), whole(19)))
	_ = register(func() *ir.Op {
		return Then(fused(Linear(false), 0, 1), fused(Add(), 2, ir.Before), fused(Sigmoid(), ir.Before), fused(Dropout(), ir.Before, 3), fused(Tanh(), ir.Before))
	}, in(row(4, 7), whole(9, 7), row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op {
		return Then(fused(Conv(wideConv, true), 0, 1, 2), fused(Add(), 3, ir.Before), fused(ReLU(), ir.Before))
	}, in(row(3, 6, 5), whole(20, 3, 3, 3), whole(20), row(20, 3, 5)))
	_ = register(func() *ir.Op {
		return Then(fused(Conv(plainConv, false), 0, 1), fused(BatchNormApply(), ir.Before, 2), fused(ReLU(), ir.Before))
	}, in(row(3, 5, 6), whole(20, 3, 3, 2), whole(192)))
	_ = register(func() *ir.Op {
		return Then(fused(Deconv(wideConv, 6, 5, false), 0, 1), fused(BatchNormApply(), ir.Before, 2))
	}, in(row(20, 3, 5), whole(20, 3, 3, 3), whole(192)))
	_ = register(func() *ir.Op {
		return Then(fused(Linear(true), 0, 1, 2), fused(BatchNormApply(), ir.Before, 3))
	}, in(row(4, 7), whole(70, 7), whole(70), whole(384)))
	_ = register(func() *ir.Op {
		return Then(fused(DropoutMask(0.25, 4, 9), 0), fused(Dropout(), 1, ir.Before))
	}, in(step, row(4, 9)))
	_ = register(func() *ir.Op {
		return Then(fused(LinearGradInput(), 0, 1), fused(Mul(), ir.Before, 2), fused(gradOf(relu)(), 2, ir.Before))
	}, in(row(19), whole(19, 37), row(37)))
	_ = register(func() *ir.Op {
		return Then(fused(huber(0.5).gradCard(), 0, 1, 2), fused(gradOf(tanh)(), 1, ir.Before))
	}, in(scalar, row(37), row(37)))
	_ = register(func() *ir.Op {
		return Then(fused(Add(), 0, 1), fused(Mul(), ir.Before, ir.Before), fused(ReLU(), ir.Before))
	}, in(row(4, 9), row(4, 9)))
)

// Then does operations in turn: each but the first works element by element on what the one before has made. A first one
// that is a product computes the others as soon as it has some sums; of others, all work on a piece of memory before
// they go on to the next. Where the first draws a mask there is one other, the multiplication by it. Each operation makes
// a result of its own.
func Then(turns ...ir.Fused) *ir.Op {
	first := turns[0].Op
	op := &ir.Op{
		Doc:     first.Doc,
		Fused:   turns,
		Order:   ir.Alike,
		Layouts: ir.Layouts{Operands: map[int][]ir.Layout{}, Results: map[int][]ir.Layout{}},
	}
	var names []string
	for k, turn := range turns {
		names = append(names, turn.Op.Name)
		op.Attrs = append(op.Attrs, turn.Op.Attrs...)
		if k > 0 {
			op.Doc += "; then " + turn.Op.Doc
			op.Results = append(op.Results, fmt.Sprint(turn.Op.Name, k))
			op.Attrs = append(op.Attrs, ir.Attr{Name: turn.Op.Name, Text: wiring(turn.In)})
		}
		if turn.Op.Order != ir.Alike {
			op.Order = ir.Fixed
		}
	}
	op.Name = strings.Join(names, "+")
	// What works element by element lies as what the first makes does.
	if may := first.Layouts.Results[0]; may != nil {
		for k, turn := range turns {
			op.Layouts.Results[k] = may
			for _, place := range turn.In {
				if k > 0 && place != ir.Before {
					op.Layouts.Operands[place] = may
				}
			}
		}
	}
	for i, place := range turns[0].In {
		if may := first.Layouts.Operands[i]; may != nil {
			op.Layouts.Operands[place] = may
		}
	}
	op.Types = func(in []ir.Type) ([]ir.Type, error) {
		var made []ir.Type
		for _, turn := range turns {
			types, err := turn.Op.Types(ir.Operands(turn, in, made))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", turn.Op.Name, err)
			}
			made = append(made, types...)
		}
		return made, nil
	}
	op.Emit = emitInTurn
	if op.Random = first.Random; op.Random {
		op.Emit = emitMasked
	} else {
		op.Eval = func(ys, xs []ir.Tensor) { ir.EvalInTurn(turns, 0, ys, xs) }
	}
	op.FLOPs = func(n *ir.Node) int {
		sum := 0
		for _, one := range n.Unfused() {
			sum += one.Op.FLOPs(one)
		}
		return sum
	}
	if first.Scratch != nil {
		op.Scratch = func(n *ir.Node, rows int) int { return first.Scratch(n.Unfused()[0], rows) }
	}
	if op.Random { // what is multiplied by the mask is read before anything is written
		for k := range turns {
			op.Over = append(op.Over, ir.Pair{Result: k, Operand: turns[1].In[0]})
		}
	}
	// What the first reads of its own element, and nobody behind it, is done with when anything is written there.
	for _, pair := range first.Over {
		place := turns[0].In[pair.Operand]
		if slices.ContainsFunc(turns[1:], func(t ir.Fused) bool { return slices.Contains(t.In, place) }) {
			continue
		}
		for k := range turns {
			op.Over = append(op.Over, ir.Pair{Result: k, Operand: place})
		}
	}
	return op
}

// wiring writes where the operands of an operation come from, so that those that are fused in another way differ.
func wiring(in []int) string {
	places := make([]string, len(in))
	for i, place := range in {
		if places[i] = fmt.Sprint(place); place == ir.Before {
			places[i] = "·"
		}
	}
	return strings.Join(places, ",")
}

// emitInTurn calls the first operation's kernel with the others as its maps, or a chain of them all.
func emitInTurn(n *ir.Node) ir.Call {
	var maps []ir.Call
	for _, one := range n.Unfused() {
		call := one.Op.Emit(one)
		call.Results = one.Out
		if call.Operands == nil {
			call.Operands = one.In
		}
		maps = append(maps, call)
	}
	if n.Op.Fused[0].Op.Maps {
		call := maps[0]
		call.Kernel += "Then"
		call.Maps = maps[1:]
		return call
	}
	none := []*ir.Value{}
	size := n.Out[0].Type.Shape.Size()
	return ir.Call{Kernel: "Chain", Results: none, Operands: none, Rows: 1, Consts: []ir.Constant{ir.Size(size)}, Maps: maps}
}

// emitMasked calls the kernel that draws a mask and multiplies by it.
func emitMasked(n *ir.Node) ir.Call {
	both := n.Unfused()
	call := both[0].Op.Emit(both[0])
	call.Kernel = "Dropout"
	call.Results, call.Operands = n.Out, append(both[1].In[:1:1], both[0].In...)
	return call
}

// fused is an operation that another does, whose operands are at those places.
func fused(op *ir.Op, places ...int) ir.Fused { return ir.Fused{Op: op, In: places} }
