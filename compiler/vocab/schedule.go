package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(&Word{
	Name:   "schedule",
	Kind:   Setting,
	Behind: Schedule,
	Usage:  "schedule name … [warmup=0]",
	Doc: "How the learning rate changes from step to step. In the warm-up it rises in a straight line, lr·(s + 1)/warmup in step " +
		"s, counted from 0; then it goes by the schedule of that name, see above.",
})

// warmup declares the argument of all schedules but one, and warmed adds it to others.
var warmup = Arg{Name: "warmup", Kind: Integer, Min: 0, Max: maxCount, Doc: "the steps of the warm-up"}

func warmed(args ...Arg) []Arg { return append(args, warmup) }

// scheduled sets the schedule that makes the rate of a step by an operation, which also reads that step scalar; "" for
// none.
func (c *Call) scheduled(reads string, card *ir.Op) {
	c.Recipe.Schedule = &ir.Schedule{Pos: c.Builder.Pos, Reads: reads, Op: card}
}
