package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(activationWith("leaky_relu", "leaky_relu [slope=0.01]", "x for x > 0, else slope·x, element by element.",
	func(c *Call) *ir.Op { return op.LeakyReLU(c.Number("slope")) },
	Arg{Name: "slope", Kind: Number, Default: 0.01, Min: -unbounded, Max: unbounded, Doc: "what x is multiplied by where it is not positive"}))
