package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("softmax", "exp(x) / Σ exp(x) along the last axis: a probability distribution.", op.Softmax))
