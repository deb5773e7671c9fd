package vocab

var _ = register(&Word{
	Name:  "epochs",
	Kind:  Setting,
	Usage: "epochs n",
	Doc:   "How often training goes through the data; 1 where the spec is silent.",
	Args:  []Arg{{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "the number of epochs"}},
	Build: func(c *Call) { c.Recipe.Epochs = c.Int("n") },
})
