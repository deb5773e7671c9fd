package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("tanh", "The hyperbolic tangent, element by element.", op.Tanh))
