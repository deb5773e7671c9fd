package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "maxpool",
	Kind:  Layer,
	Usage: "maxpool kernel|global [stride=kernel] [pad=0]",
	Doc: "The largest element of each window over the rows and columns of [C, H, W]; the border takes no part, and what does " +
		"not fill a window is left over. `maxpool global` gives [C, 1, 1].",
	Args: poolArgs(),
	Build: func(c *Call) {
		if window, ok := c.window(); ok {
			c.Apply(op.MaxPool(window))
		}
	},
})
