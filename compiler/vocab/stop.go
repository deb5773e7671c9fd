package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

// heldOutLoss is what a `stop` watches where it names no metric.
const heldOutLoss = "loss"

var _ = register(&Word{
	Name:  "stop",
	Kind:  Setting,
	Usage: "stop patience=10 [monitor=loss] [min_delta=0]",
	Doc: "Ends training after an epoch with which `patience` epochs in a row have not bettered the best by more than `min_delta`. " +
		"What counts is the loss of the rows that `nnc train` holds out, or a metric of the spec on them, which knows whether more or less " +
		"is better; of several outputs in quotes, monitor=\"price.mae\".",
	Args: []Arg{
		{Name: "patience", Kind: Integer, Required: true, Min: 1, Max: maxCount, Doc: "the epochs in a row"},
		{Name: "monitor", Kind: Measure, Doc: "`loss`, the held-out one, or a metric of the spec"},
		{Name: "min_delta", Kind: Number, Min: 0, Max: unbounded, Doc: "by how much an epoch must better the best to count"},
	},
	Build: func(c *Call) {
		monitor := heldOutLoss
		if c.Given("monitor") {
			monitor = c.Args["monitor"].Text
		}
		c.Recipe.Stop = &ir.Stop{Patience: c.Int("patience"), Monitor: monitor, Metric: -1, MinDelta: c.Number("min_delta"), Pos: c.Builder.Pos}
	},
})
