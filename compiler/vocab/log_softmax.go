package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("log_softmax", "x − log Σ exp(x) along the last axis: the logarithm of a probability distribution.", op.LogSoftmax))
