package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("sigmoid", "1 / (1 + exp(−x)), element by element.", op.Sigmoid))
