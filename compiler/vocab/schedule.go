package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// shapes are the courses that a learning rate may take behind its warm-up, and whether they end, so that
// they need to know when.
var shapes = map[string]struct {
	card func(warmup int, least float64) *ir.Op
	ends bool
}{
	"constant": {card: func(warmup int, _ float64) *ir.Op { return op.ConstantSchedule(warmup) }},
	"linear":   {op.LinearSchedule, true},
	"cosine":   {op.CosineSchedule, true},
}

var _ = register(&Word{
	Name:  "schedule",
	Kind:  Setting,
	Usage: "schedule constant|linear|cosine [warmup=0] [min=0]",
	Doc: "How the learning rate changes from step to step. In the warm-up it rises in a straight line, lr·(s + 1)/warmup in step " +
		"s; then it stays, or falls over the remaining steps, in a straight line or along half a cosine, to min, which the last " +
		"step does not quite reach. `nnc train` knows the number of steps; in Go, SetTotalSteps tells it.",
	Args: []Arg{
		{Name: "shape", Kind: Choice, Positional: true, Required: true, Choices: []string{"constant", "linear", "cosine"}, Doc: "the course behind the warm-up"},
		{Name: "warmup", Kind: Integer, Min: 0, Max: maxCount, Doc: "the steps of the warm-up"},
		{Name: "min", Kind: Number, Min: 0, Max: unbounded, Doc: "of linear and cosine: the rate at the end"},
	},
	Build: func(c *Call) {
		name := c.Choice("shape")
		shape := shapes[name]
		if c.Given("min") && !shape.ends {
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("min"), "`min` is for linear and cosine, not for `schedule %s`", name).
				WithHelp("leave it out"))
			return
		}
		c.Recipe.Schedule = &ir.Schedule{Pos: c.Builder.Pos, Total: shape.ends, Op: shape.card(c.Int("warmup"), c.Number("min"))}
	},
})
