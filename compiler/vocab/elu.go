package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(activationWith("elu", "elu [alpha=1]", "x for x > 0, else α(exp(x) − 1), element by element.",
	func(c *Call) *ir.Op { return op.ELU(c.Number("alpha")) },
	Arg{Name: "alpha", Kind: Number, Default: 1, Min: -unbounded, Max: unbounded, Doc: "α: the result approaches −α"}))
