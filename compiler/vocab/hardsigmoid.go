package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("hardsigmoid", "min(max(x + 3, 0), 6)/6, element by element.", op.Hardsigmoid))
