package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(recurrent{
	name: "lstm", gates: 4,
	formula: "i, f, o = σ(…) and g = tanh(…) of W_ih·x + b_ih + W_hh·h + b_hh, c = f∘c + i∘g, h = o∘tanh(c), the rows of the " +
		"weights in the order of i, f, g, o",
	states: func(order op.Recurrence, _ bool) *ir.Op { return op.LSTM(order) },
}.word())
