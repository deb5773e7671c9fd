package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(activationWith("softplus", "softplus [beta=1]",
	"log(1 + exp(βx))/β, element by element, in a form that is exact for every x. (PyTorch's is x from βx = 20 on; the difference is "+
		"below 2.1e-9/β.)",
	func(c *Call) *ir.Op { return op.Softplus(c.Number("beta")) },
	Arg{Name: "beta", Kind: Number, Default: 1, Above: true, Max: unbounded, Doc: "β: the larger, the closer to max(x, 0)"}))
