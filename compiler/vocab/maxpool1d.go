package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "maxpool1d",
	Kind:  Layer,
	Usage: "maxpool1d kernel|global [stride=kernel] [pad=0]",
	Doc: "The largest element of each window along T of [T, D]; the border takes no part, and what does not fill a window is left " +
		"over. `maxpool1d global` gives [1, D].",
	Args: poolArgsAlongT(),
	Build: func(c *Call) {
		if window, ok := c.windowAlongT(); ok {
			c.Apply(op.MaxPool(window))
		}
	},
})
