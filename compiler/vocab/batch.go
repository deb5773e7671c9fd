package vocab

var _ = register(&Word{
	Name:  "batch",
	Kind:  Setting,
	Usage: "batch n",
	Doc:   "The largest number of rows in one training step; 32 where the spec is silent.",
	Args:  []Arg{{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "the number of rows"}},
	Build: func(c *Call) { c.Recipe.Batch = c.Int("n") },
})
