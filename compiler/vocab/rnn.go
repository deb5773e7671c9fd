package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(recurrent{
	name: "rnn", formula: "h = tanh(W_ih·x + b_ih + W_hh·h + b_hh)", gates: 1,
	states: func(order op.Recurrence, _ bool) *ir.Op { return op.RNN(order) },
}.word())
