package vocab

var _ = register(&Word{
	Name:  "seed",
	Kind:  Setting,
	Usage: "seed n",
	Doc:   "Where all random numbers start: initial weights, shuffling, dropout, noise; 0 where the spec is silent.",
	Args:  []Arg{{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 0, Max: 1 << 53, Doc: "the seed"}},
	Build: func(c *Call) { c.Recipe.Seed = uint64(c.Number("n")) },
})
