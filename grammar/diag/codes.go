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
	NotYet             = "NN017"
	MissingBody        = "NN018"
	Misplaced          = "NN019"

	// NN02x: shapes.
	NoInput      = "NN020"
	SizeMismatch = "NN021"
	WrongRank    = "NN022"
	LossMisfit   = "NN023"
	IntegerInput = "NN024"
	TooLarge     = "NN025"
	NoLayers     = "NN026"
	ShapesDiffer = "NN027"
	UnevenSplit  = "NN028"

	// NN03x: names.
	UndefinedName = "NN030"
	DuplicateName = "NN031"
	ReservedName  = "NN032"
	UnusedLabel   = "NN033"
	UnusedInput   = "NN034"
	Recursion     = "NN035"
	UnusedName    = "NN036"
	NothingNamed  = "NN037"
	BeforeNorm    = "NN038"
	UnusedLayer   = "NN039"

	// NN04x: training.
	NothingToTrain    = "NN040"
	DoubleActivation  = "NN041"
	OptimiserNoLoss   = "NN042"
	MetricMisfit      = "NN043"
	NesterovCondition = "NN044"
	LossNoOptimiser   = "NN045"
	TiedMisfit        = "NN046"
	TargetConflict    = "NN047"
	JudgedNoOutput    = "NN048"
	MissingLogarithm  = "NN049"

	// NN05x: warnings on layers.
	LastAxisOnly = "NN050"
	IdleInit     = "NN051"
	IdleDropout  = "NN052"
	HalfRead     = "NN053"
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
	{NotYet, "a word that this version does not have yet", Error},
	{MissingBody, "a body is missing or empty", Error},
	{Misplaced, "a statement that cannot stand here", Error},

	{NoInput, "the input's size is not known", Error},
	{SizeMismatch, "sizes do not agree", Error},
	{WrongRank, "wrong number of axes", Error},
	{LossMisfit, "the loss does not fit the value", Error},
	{IntegerInput, "integers flow into a layer of real numbers", Error},
	{TooLarge, "a size overflows or is too large", Error},
	{NoLayers, "a spec without layers", Error},
	{ShapesDiffer, "values of different shapes are combined", Error},
	{UnevenSplit, "the parts do not make up the whole", Error},

	{UndefinedName, "undefined name", Error},
	{DuplicateName, "duplicate name", Error},
	{ReservedName, "reserved or automatic name", Error},
	{UnusedLabel, "a label that is never used", Warning},
	{UnusedInput, "an input that nothing reads", Error},
	{Recursion, "a block uses itself", Error},
	{UnusedName, "a constant, block or parameter that is never used", Warning},
	{NothingNamed, "a pattern that matches no parameter", Error},
	{BeforeNorm, "the named value is the one before the activation or norm", Warning},
	{UnusedLayer, "what the layer makes is never used", Warning},

	{NothingToTrain, "a loss, but no parameters to train", Error},
	{DoubleActivation, "the loss applies this activation itself", Warning},
	{OptimiserNoLoss, "an optimiser without a loss", Error},
	{MetricMisfit, "the metric does not fit the value", Error},
	{NesterovCondition, "nesterov needs momentum and no dampening", Error},
	{LossNoOptimiser, "a loss without an optimiser", Error},
	{TiedMisfit, "the layer cannot share those parameters", Error},
	{TargetConflict, "two losses of one output compare with different targets", Error},
	{JudgedNoOutput, "a loss judges what is no output", Error},
	{MissingLogarithm, "the loss takes logarithms of probabilities", Warning},

	{LastAxisOnly, "the layer acts on the last axis only", Warning},
	{IdleInit, "an `init` that does nothing", Warning},
	{IdleDropout, "a dropout between layers of which there is one", Warning},
	{HalfRead, "the last position of a recurrent layer is not what it has read", Warning},
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
