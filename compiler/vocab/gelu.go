package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(activationWith("gelu", "gelu [tanh]",
	"x·Φ(x), element by element, where Φ is the distribution function of the standard normal distribution. With `tanh` it is "+
		"½x(1 + tanh(√(2/π)(x + 0.044715x³))), which is nearly the same.",
	func(c *Call) *ir.Op {
		if c.Is("tanh") {
			return op.GELUTanh()
		}
		return op.GELU()
	}, Arg{Name: "tanh", Kind: Flag, Doc: "takes the form with tanh"}))
