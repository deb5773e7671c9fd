package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var _ = register(&Word{
	Name:  "embedding",
	Kind:  Layer,
	Usage: "embedding dim [tied=label]",
	Doc: "Turns each integer below v into a row of W [v, dim]: [80] of 50 becomes [80, dim]. W starts normal around 0 with " +
		"deviation 1, as PyTorch's nn.Embedding.",
	Integers: "embedding 16",
	Args: []Arg{
		{Name: "dim", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "how many numbers stand for an integer"},
		{Name: "tied", Kind: Labelled, Doc: "the layer above, an `embedding` or a `linear`, whose weight [v, dim] this layer shares"},
	},
	Build: func(c *Call) {
		shape, classes, dim := c.X.Type.Shape, c.X.Type.Limit, c.Int("dim")
		wide := append(shape[:len(shape):len(shape)], dim)
		if !c.Integers() || !c.Fits(c.Span("dim"), "the weight", classes, dim) {
			c.X = detached(ir.Row(wide...))
			return
		}
		c.Apply(op.Embedding(), c.Param("weight", ir.Init{Normal: 1}, classes, dim))
	},
})
