package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Schedules that end with the training, so that they need to know when that is.

const knowsTotal = " `nnc train` knows the number of steps; in Go, SetTotalSteps tells it."

var least = Arg{Name: "min", Kind: Number, Min: 0, Max: unbounded, Doc: "the rate at the end"}

var (
	_ = register(&Word{
		Name:  "linear",
		Kind:  Schedule,
		Usage: "schedule linear [min=0] [warmup=0]",
		Doc:   "The rate falls to min over the steps after the warm-up, in a straight line. The last step is not yet there." + knowsTotal,
		Args:  warmed(least),
		Build: func(c *Call) { c.scheduled(ir.TotalSteps, op.LinearSchedule(c.Int("warmup"), c.Number("min"))) },
	})
	_ = register(&Word{
		Name:  "cosine",
		Kind:  Schedule,
		Usage: "schedule cosine [min=0] [warmup=0]",
		Doc:   "The rate falls to min over the steps after the warm-up, along half a cosine. The last step is not yet there." + knowsTotal,
		Args:  warmed(least),
		Build: func(c *Call) { c.scheduled(ir.TotalSteps, op.CosineSchedule(c.Int("warmup"), c.Number("min"))) },
	})
	_ = register(&Word{
		Name:  "onecycle",
		Kind:  Schedule,
		Usage: "schedule onecycle [rise=0.3] [div=25] [final_div=10000]",
		Doc: "The rate rises from lr/div to the optimiser's over the share `rise` of all steps, then falls to lr/(div·final_div), where the last " +
			"step is: PyTorch's OneCycleLR with two phases along cosines, momentum left alone. It has no warm-up beside its own." + knowsTotal,
		Args: []Arg{
			{Name: "rise", Kind: Number, Default: 0.3, Min: 0, Above: true, Max: 1, Below: true, Doc: "the share of the steps in which the rate rises"},
			{Name: "div", Kind: Number, Default: 25, Min: 0, Above: true, Max: unbounded, Doc: "the highest rate over the first"},
			{Name: "final_div", Kind: Number, Default: 10000, Min: 0, Above: true, Max: unbounded, Doc: "the first rate over the last"},
			{Name: "warmup", Kind: Integer, Min: 0, Max: maxCount, Doc: "0: it rises by itself"},
		},
		Build: func(c *Call) {
			if c.Int("warmup") > 0 {
				c.Report(c.Problem(diag.UnexpectedArgument, c.Span("warmup"), "`schedule onecycle` has a warm-up of its own").
					WithHelp("leave `warmup` out; `rise` is the share of the steps in which the rate rises"))
				return
			}
			c.scheduled(ir.TotalSteps, op.OneCycleSchedule(c.Number("rise"), c.Number("div"), c.Number("final_div")))
		},
	})
)
