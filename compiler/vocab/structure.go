package vocab

// The words of structure that stand here have no Build: the checker itself understands them.
var (
	_ = register(&Word{Name: "model", Kind: Structure, Usage: "model Name",
		Doc:  "Names the model: the generated Go type. The comment right above becomes the type's. Without it, the file's name in CamelCase.",
		Args: []Arg{{Name: "Name", Kind: Free, Positional: true, Required: true, Doc: "starts with a capital"}}})
	_ = register(&Word{Name: "input", Kind: Structure, Usage: "input name[d1, d2, …] [of v]",
		Doc: "Declares an input, whose batch axis is implied; with `of v` it holds integers in [0, v). It becomes the current value.",
		Args: []Arg{
			{Name: "name", Kind: Free, Positional: true, Required: true, Doc: "the input's name"},
			{Name: "[d1, d2, …]", Kind: Free, Positional: true, Required: true, Doc: "the shape of one row"},
			{Name: "of v", Kind: Free, Positional: true, Doc: "how many values the integers have"}}})
	_ = register(&Word{Name: "const", Kind: Structure, Usage: "const name = expression", InBody: true,
		Doc:  "Names a whole or a real number for what follows, in the body where it stands.",
		Args: []Arg{{Name: "name = expression", Kind: Free, Positional: true, Required: true, Doc: "numbers, constants, `+ - * /` and parentheses"}}})
	_ = register(&Word{Name: "block", Kind: Structure, Usage: "block Name(parameter, other=default, …) { … }", Body: true,
		Doc: "Defines a composition of layers, which `Name arguments` uses like a layer. Parameters are numbers, flags and values. " +
			"Its body sees them, constants, and `in`, the value that entered.",
		Args: []Arg{
			{Name: "Name", Kind: Free, Positional: true, Required: true, Doc: "starts with a capital"},
			{Name: "(…)", Kind: Free, Positional: true, Doc: "the parameters, with their defaults"}}})
	_ = register(&Word{Name: "repeat", Kind: Structure, Usage: "repeat n { … }", Body: true, InBody: true,
		Doc:  "The body n times, each time with parameters of its own.",
		Args: []Arg{{Name: "n", Kind: Integer, Positional: true, Required: true, Min: 0, Max: maxRepeats, Doc: "how often"}}})
	_ = register(&Word{Name: "from", Kind: Structure, Usage: "from name", InBody: true,
		Doc:  "Makes a named value current.",
		Args: []Arg{{Name: "name", Kind: Named, Positional: true, Required: true, Doc: "an input, a label, a part, or `in`"}}})
	_ = register(&Word{Name: "output", Kind: Structure, Usage: "output name …",
		Doc:  "What a prediction returns, in this order: else the values that losses judge, or the last value.",
		Args: []Arg{{Name: "name", Kind: Named, Positional: true, Many: true, Doc: "inputs or labels"}}})
	_ = register(&Word{Name: "loss", Kind: Structure, Usage: "loss name [output] [weight=1] [target=input]",
		Doc: "What training makes small: a loss of the named output, or of the last value. Several are summed with their weights."})
	_ = register(&Word{Name: "metric", Kind: Structure, Usage: "metric name [output]",
		Doc: "What training reports beside the loss, of the named output, or of the last value."})
	_ = register(&Word{Name: "freeze", Kind: Structure, Usage: `freeze "pattern" …`,
		Doc:  "Training leaves the parameters whose names match as they are. `*` stands for any characters.",
		Args: []Arg{{Name: "pattern", Kind: Text, Positional: true, Many: true, Doc: `as "stem*"`}}})
)

// maxRepeats is the largest count of a repetition. What it makes of the spec has a limit of its own.
const maxRepeats = 1_000_000

// axis declares the axis along which values are joined and cut.
var axis = Arg{Name: "axis", Kind: Integer, Default: unset, Min: 0, Max: 7,
	Doc: "counts from 0, without the batch; the last one for values of one or two axes, to be given for more"}
