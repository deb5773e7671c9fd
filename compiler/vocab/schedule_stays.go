package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// Schedules whose rate stays what it is, but for the warm-up and for what epochs do to it.

var (
	_ = register(&Word{
		Name:  "constant",
		Kind:  Schedule,
		Usage: "schedule constant [warmup=0]",
		Doc:   "The rate stays, after its warm-up.",
		Args:  warmed(),
		Build: func(c *Call) { c.scheduled("", op.ConstantSchedule(c.Int("warmup"))) },
	})
	_ = register(&Word{
		Name:  "plateau",
		Kind:  Schedule,
		Usage: "schedule plateau [factor=0.1] [patience=10] [threshold=1e-4] [cooldown=0] [min=0] [warmup=0]",
		Doc: "The rate is multiplied by `factor`, but not below min, after more than `patience` epochs in a row whose loss was not below the " +
			"best·(1 − threshold); then `cooldown` epochs do not count: PyTorch's ReduceLROnPlateau. What counts is the loss of the rows that " +
			"`nnc train` holds out, else the training loss; in Go, EpochDone tells it. The warm-up goes on by the lower rate.",
		Args: warmed(
			Arg{Name: "factor", Kind: Number, Default: 0.1, Min: 0, Max: 1, Below: true, Doc: "of the rate, what is left"},
			Arg{Name: "patience", Kind: Integer, Default: 10, Min: 0, Max: maxCount, Doc: "the epochs in a row that may pass"},
			Arg{Name: "threshold", Kind: Number, Default: 1e-4, Min: 0, Max: 1, Below: true, Doc: "by which share of the best an epoch must better it to count"},
			Arg{Name: "cooldown", Kind: Integer, Min: 0, Max: maxCount, Doc: "the epochs after a change that do not count"},
			Arg{Name: "min", Kind: Number, Min: 0, Max: unbounded, Doc: "the least rate"},
		),
		Build: func(c *Call) {
			c.scheduled("", op.ConstantSchedule(c.Int("warmup")))
			c.Recipe.Schedule.Plateau = &ir.Plateau{Factor: c.Number("factor"), Patience: c.Int("patience"), Threshold: c.Number("threshold"),
				Cooldown: c.Int("cooldown"), Min: c.Number("min")}
		},
	})
)
