package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

var _ = register(&Word{
	Name:  "accumulate",
	Kind:  Setting,
	Usage: "accumulate n",
	Doc: "Lets n batches make a step, by the mean of their gradients weighted by their rows: `batch 16; accumulate 2` steps as `batch 32` does, " +
		"dropout and noise included, but for batchnorm, which sees each batch by itself, and for losses that divide by other things than rows. What " +
		"is left at the end of an epoch makes a step of its own. In Go, Train and Step count the batches, and Flush takes the step early.",
	Args: []Arg{{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "the batches of a step"}},
	Build: func(c *Call) {
		if n := c.Int("n"); n > 1 {
			c.Recipe.Accumulate = &ir.Accumulate{Batches: n, Pos: c.Builder.Pos}
		}
	},
})
