package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("relu", "max(x, 0), element by element.", op.ReLU))
