package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("silu", "x·sigmoid(x), element by element, also called swish.", op.SiLU))
