package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Schedules that multiply the rate by a number again and again.

var (
	gamma = Arg{Name: "gamma", Kind: Number, Default: 0.1, Min: 0, Max: unbounded, Doc: "what the rate is multiplied by"}
	every = Arg{Name: "every", Kind: Choice, Choices: []string{"epochs", "steps"}, Doc: "what is counted: epochs of the whole run, or steps after the warm-up"}
)

const knowsEpoch = " `nnc train` knows the number of steps of an epoch; in Go, SetEpochSteps tells it."

// counted sets the schedule of a card that counts epochs or steps.
func (c *Call) counted(card func(epochs bool) *ir.Op) {
	if c.Choice("every") == "steps" {
		c.scheduled("", card(false))
		return
	}
	c.scheduled(ir.EpochSteps, card(true))
}

var (
	_ = register(&Word{
		Name:  "step",
		Kind:  Schedule,
		Usage: "schedule step n [gamma=0.1] [every=epochs|steps] [warmup=0]",
		Doc:   "The rate is multiplied by gamma after every n epochs, or steps: PyTorch's StepLR." + knowsEpoch,
		Args: warmed(Arg{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "after how many"},
			gamma, every),
		Build: func(c *Call) {
			c.counted(func(epochs bool) *ir.Op {
				return op.StepSchedule(c.Int("warmup"), c.Int("n"), c.Number("gamma"), epochs)
			})
		},
	})
	_ = register(&Word{
		Name:  "multistep",
		Kind:  Schedule,
		Usage: "schedule multistep [n1, n2, …] [gamma=0.1] [every=epochs|steps] [warmup=0]",
		Doc:   "The rate is multiplied by gamma after n1 epochs, or steps, again after n2, and so on: PyTorch's MultiStepLR." + knowsEpoch,
		Args: warmed(Arg{Name: "at", Kind: Integers, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "after how many in all, as [30, 60, 80]; they rise"},
			gamma, every),
		Build: func(c *Call) {
			at := c.Ints("at")
			for i := 1; i < len(at); i++ {
				if at[i] <= at[i-1] {
					c.Report(c.Problem(diag.OutOfRange, c.Args["at"].Spans[i], "the numbers of `schedule multistep` rise, but %d stands after %d", at[i], at[i-1]).
						WithHelp("write each once, the smallest first"))
					return
				}
			}
			c.counted(func(epochs bool) *ir.Op {
				return op.MultistepSchedule(c.Int("warmup"), at, c.Number("gamma"), epochs)
			})
		},
	})
	_ = register(&Word{
		Name:  "exponential",
		Kind:  Schedule,
		Usage: "schedule exponential gamma [every=epochs|steps] [warmup=0]",
		Doc:   "The rate is multiplied by gamma after every epoch, or step: PyTorch's ExponentialLR." + knowsEpoch,
		Args: warmed(Arg{Name: "gamma", Kind: Number, Positional: true, Required: true, Min: 0, Max: unbounded, Doc: "what the rate is multiplied by"},
			every),
		Build: func(c *Call) {
			c.counted(func(epochs bool) *ir.Op {
				return op.ExponentialSchedule(c.Int("warmup"), c.Number("gamma"), epochs)
			})
		},
	})
)
