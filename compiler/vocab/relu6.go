package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("relu6", "min(max(x, 0), 6), element by element.", op.ReLU6))
