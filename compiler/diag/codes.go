package diag

// The codes. A code never changes its meaning and is never used again for
// another one; a new mistake takes the next free number of its group. To add
// one: a constant here, a line in Codes.
const (
	// NN00x: text and syntax.
	SyntaxError   = "NN001"
	NotText       = "NN002"
	LimitExceeded = "NN003"
	EmptySpec     = "NN004"

	// NN01x: words and arguments.
	UnknownWord        = "NN010"
	UnknownArgument    = "NN011"
	WrongType          = "NN012"
	OutOfRange         = "NN013"
	MissingArgument    = "NN014"
	GivenTwice         = "NN015"
	UnexpectedArgument = "NN016"

	// NN02x: shapes.
	NoInput      = "NN020"
	SizeMismatch = "NN021"
	WrongRank    = "NN022"
	LossMisfit   = "NN023"
	IntegerInput = "NN024"
	TooLarge     = "NN025"
	NoLayers     = "NN026"

	// NN03x: names.
	UndefinedName = "NN030"
	DuplicateName = "NN031"
	ReservedName  = "NN032"
	UnusedLabel   = "NN033"
	UnusedInput   = "NN034"

	// NN04x: training.
	NothingToTrain    = "NN040"
	DoubleActivation  = "NN041"
	OptimiserNoLoss   = "NN042"
	MetricMisfit      = "NN043"
	NesterovCondition = "NN044"
	LossNoOptimiser   = "NN045"

	// NN05x: warnings on layers.
	LastAxisOnly = "NN050"
)

// Entry is what is known about a code everywhere.
type Entry struct {
	Code     string
	Title    string // what is wrong, in a few words
	Severity Severity
}

// Codes lists every code in ascending order.
var Codes = []Entry{
	{SyntaxError, "the text does not follow the grammar", Error},
	{NotText, "the file is not plain UTF-8 text", Error},
	{LimitExceeded, "a limit of the language is exceeded", Error},
	{EmptySpec, "the spec has no statements", Error},

	{UnknownWord, "unknown word", Error},
	{UnknownArgument, "unknown argument or flag", Error},
	{WrongType, "wrong type of argument", Error},
	{OutOfRange, "argument out of range", Error},
	{MissingArgument, "missing argument", Error},
	{GivenTwice, "given twice where one is allowed", Error},
	{UnexpectedArgument, "an argument that means nothing here, or too many", Error},

	{NoInput, "the input's size is not known", Error},
	{SizeMismatch, "sizes do not agree", Error},
	{WrongRank, "wrong number of axes", Error},
	{LossMisfit, "the loss does not fit the value", Error},
	{IntegerInput, "integers flow into a layer of real numbers", Error},
	{TooLarge, "a size overflows or is too large", Error},
	{NoLayers, "a spec without layers", Error},

	{UndefinedName, "undefined name", Error},
	{DuplicateName, "duplicate name", Error},
	{ReservedName, "reserved or automatic name", Error},
	{UnusedLabel, "a label that is never used", Warning},
	{UnusedInput, "an input that nothing reads", Error},

	{NothingToTrain, "a loss, but no parameters to train", Error},
	{DoubleActivation, "the loss applies this activation itself", Warning},
	{OptimiserNoLoss, "an optimiser without a loss", Error},
	{MetricMisfit, "the metric does not fit the value", Error},
	{NesterovCondition, "nesterov needs momentum and no dampening", Error},
	{LossNoOptimiser, "a loss without an optimiser", Error},

	{LastAxisOnly, "the layer acts on the last axis only", Warning},
}

// Lookup finds the entry of a code.
func Lookup(code string) (Entry, bool) {
	for _, e := range Codes {
		if e.Code == code {
			return e, true
		}
	}
	return Entry{}, false
}
