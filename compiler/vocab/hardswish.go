package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("hardswish", "x·min(max(x + 3, 0), 6)/6, element by element.", op.Hardswish))
