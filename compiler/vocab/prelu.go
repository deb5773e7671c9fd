package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(&Word{
	Name:  "prelu",
	Kind:  Layer,
	Usage: "prelu [per=layer|channel]",
	Doc: "x for x > 0, else a·x, element by element, where a is learnt: one for the layer, or one for each channel. Channels are " +
		"the first axis of [C] and [C, H, W], the last of [T, D]. a starts at 0.25, whatever `init` says.",
	Finishes: true,
	Args: []Arg{{Name: "per", Kind: Choice, Choices: []string{"layer", "channel"},
		Doc: "channel: each channel has an a of its own"}},
	Build: func(c *Call) {
		channels, together := 1, c.Choice("per") == "layer"
		if !together {
			var ok bool
			if channels, ok = c.channels(); !ok {
				return
			}
		} else if !c.Floats() {
			return
		}
		below := c.Builder.Node(c.Name+".below", op.Negative(), c.X)[0]
		scaled := c.Builder.Node(c.Name+".scaled", op.Scale(together, false), below, c.Filled("weight", 0.25, channels))[0]
		c.X = c.Builder.Node(c.Name+".above", op.ReLU(), c.X)[0]
		c.Apply(op.Add(), scaled)
	},
})
