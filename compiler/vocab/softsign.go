package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("softsign", "x/(1 + |x|), element by element.", op.Softsign))
