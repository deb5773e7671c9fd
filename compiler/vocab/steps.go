package vocab

var _ = register(&Word{
	Name:  "steps",
	Kind:  Setting,
	Usage: "steps n",
	Doc:   "How many steps training takes, in place of `epochs`.",
	Args:  []Arg{{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "the number of steps"}},
	Build: func(c *Call) { c.Recipe.Steps = c.Int("n") },
})
