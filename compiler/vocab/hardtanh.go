package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(activationWith("hardtanh", "hardtanh [min=-1] [max=1]", "x within [min, max], else the nearer end, element by element.",
	func(c *Call) *ir.Op {
		least, most := c.Number("min"), c.Number("max")
		if least >= most {
			at := "min"
			if !c.Given(at) {
				at = "max"
			}
			c.Report(c.Problem(diag.OutOfRange, c.Span(at), "`min` of `hardtanh` is below `max`, but %v is not below %v: nothing would lie between them", least, most).
				WithHelp("write the smaller number as `min=`: `hardtanh min=-1 max=1`"))
			return nil
		}
		return op.Hardtanh(least, most)
	},
	Arg{Name: "min", Kind: Number, Default: -1, Min: -unbounded, Max: unbounded, Doc: "the least result"},
	Arg{Name: "max", Kind: Number, Default: 1, Min: -unbounded, Max: unbounded, Doc: "the largest result"}))
