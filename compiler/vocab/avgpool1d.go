package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "avgpool1d",
	Kind:  Layer,
	Usage: "avgpool1d kernel|global [stride=kernel] [pad=0]",
	Doc: "The mean of each window along T of [T, D]. The border counts as zeros: the divisor is always the kernel's size. What does " +
		"not fill a window is left over. `avgpool1d global` gives [1, D].",
	Args: poolArgsAlongT(),
	Build: func(c *Call) {
		if window, ok := c.windowAlongT(); ok {
			c.Apply(op.AvgPool(window))
		}
	},
})
