package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(activation("selu", "λx for x > 0, else λα(exp(x) − 1), element by element, with λ = 1.0507009873554805 and α = 1.6732632423543772.", op.SELU))
