package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(recurrent{
	name: "gru", gates: 3, apart: true, states: op.GRU,
	formula: "r, z = σ(W_ih·x + b_ih + W_hh·h + b_hh), n = tanh(W_in·x + b_in + r∘(W_hn·h + b_hn)), h = (1 − z)∘n + z∘h, the " +
		"rows of the weights in the order of r, z, n",
}.word())
