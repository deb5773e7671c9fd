package vocab

// The words of structure have no Build: the checker itself understands them.
var (
	_ = register(&Word{Name: "model", Kind: Structure, Usage: "model Name",
		Doc: "Names the model: the generated Go type. The comment right above becomes the type's. Without it, the file's name in CamelCase."})
	_ = register(&Word{Name: "input", Kind: Structure, Usage: "input name[d1, d2, …] [of v]",
		Doc: "Declares an input, whose batch axis is implied; with `of v` it holds integers in [0, v). It becomes the current value."})
	_ = register(&Word{Name: "loss", Kind: Structure, Usage: "loss name",
		Doc: "What training makes small: a loss of the last value."})
	_ = register(&Word{Name: "metric", Kind: Structure, Usage: "metric name",
		Doc: "What training reports beside the loss."})
)
