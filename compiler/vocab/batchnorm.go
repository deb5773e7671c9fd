package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "batchnorm",
	Kind:  Layer,
	Usage: "batchnorm [eps=1e-5] [momentum=0.1] [affine=true]",
	Doc: "(x − mean)/√(variance + eps)·w + b, with the mean and the biased variance of each channel over the rows and all other " +
		"axes; in prediction with the running ones, which training moves by momentum, the variance by the unbiased one. Channels " +
		"are the first axis of [C] and [C, H, W], the last of [T, D]. w starts at 1 and b at 0, whatever `init` says. `freeze` " +
		"does not stop the running statistics. Of a batch with one value per channel the result is b, and the running variance stays.",
	Finishes: true,
	Args: []Arg{
		{Name: "eps", Kind: Number, Default: 1e-5, Min: 0, Max: unbounded, Doc: "what is added to the variance"},
		{Name: "momentum", Kind: Number, Default: 0.1, Min: 0, Max: 1, Doc: "the share of the new statistics in the running ones"},
		{Name: "affine", Kind: Bool, Default: 1, Doc: "whether there are w and b at all"},
	},
	Build: func(c *Call) {
		channels, ok := c.channels()
		if !ok {
			return
		}
		operands := []*ir.Value{
			c.State("running_mean", ir.Whole(channels), 0),
			c.State("running_var", ir.Whole(channels), 1),
			c.State("num_batches_tracked", ir.Type{Kind: ir.I64}, 0),
		}
		if c.Is("affine") {
			operands = append(operands, c.Filled("weight", 1, channels), c.Filled("bias", 0, channels))
		}
		c.Apply(op.BatchNorm(c.Number("eps"), c.Number("momentum"), c.Is("affine")), operands...)
	},
})
