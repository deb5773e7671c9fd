package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "avgpool",
	Kind:  Layer,
	Usage: "avgpool kernel|global [stride=kernel] [pad=0]",
	Doc: "The mean of each window over the rows and columns of [C, H, W]. The border counts as zeros: the divisor is always the " +
		"kernel's size. What does not fill a window is left over. `avgpool global` gives [C, 1, 1].",
	Args: poolArgs(),
	Build: func(c *Call) {
		if window, ok := c.window(); ok {
			c.Apply(op.AvgPool(window))
		}
	},
})
