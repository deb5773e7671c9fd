package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("mish", "x·tanh(log(1 + exp(x))), element by element.", op.Mish))
