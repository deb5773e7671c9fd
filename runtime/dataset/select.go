package dataset

import (
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Select says which columns of a table are what.
type Select struct {
	Target []string // in any order where the targets have the names of the columns, else in the order of the model's targets
	// Features are the columns of the inputs; none: every column that is nothing else, in file order. Of a model with
	// several inputs, "input=column" begins the columns of one (see assign).
	Features []string
	Drop     []string // no features
	ID       []string // no features either: they tell rows apart
	Group    string   // its rows stay together when rows are held out; no feature
	Weight   string   // how much each row counts; no feature

	Number []string // columns of numbers, whatever most cells are: signs and units are taken off, other texts are missing
	Text   []string // columns of texts, though most cells are numbers
	from   string   // the weights that say which Features; "": a flag does
	window int      // of a series, the rows of a window; then what a target was before is a feature too, unless Drop names it

	Tokens    string // what the symbols of a text are, see data.Tokens; "": the usual ones
	Tokenizer string // "wordpiece:FILE": texts are tokens of that vocabulary; "": they are Tokens
	Truncate  string // what a text that is too long loses: "start" or "end" (also "")

	storedPieces bool // the weights say that texts are tokens of a WordPiece vocabulary

	Index []string // columns of texts that an input of integers takes, by their place in byte order
}

// chosen are the flags that choose columns of a table, with the columns.
func (s Select) chosen() []flagged {
	return []flagged{
		{"--target", s.Target}, {"--drop", s.Drop}, {"--id", s.ID}, {"--group", one(s.Group)}, {"--weight", one(s.Weight)},
		{"--features", s.Features}, {"--number", s.Number}, {"--text", s.Text}, {"--index", s.Index},
	}
}

type flagged struct {
	flag    string
	columns []string
}

// one is a list of a name, empty without one.
func one(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// withoutTable returns an error if columns are chosen though the data, of which one item is given, are arrays.
func (s Select) withoutTable(item string) error {
	for _, f := range s.chosen() {
		if len(f.columns) > 0 {
			return usageError("%s %s chooses columns of a table, but %s is no table: arrays are bound to inputs and targets with --data name=file",
				f.flag, phrase.Listed(f.columns), item)
		}
	}
	return nil
}

// Reading is how the text of tables is taken.
type Reading struct {
	format.Layout
	Writing *data.Writing // of numbers; nil: as the codec says, else the usual one

	MissingIndicator  bool // a column of numbers with missing ones has a second value that says which
	SkipMissingTarget bool // rows without a target are left out, else they are an error
	RefuseUnseen      bool // a text that training never saw is an error
}

// withoutTable returns an error if something is said of tables though the data, of which one item is given, are arrays.
func (r Reading) withoutTable(item string) error {
	flags := ""
	switch {
	case r.Writing != nil:
		flags = "--decimal, --thousands and --missing say"
	case r.MissingIndicator:
		flags = "--missing-indicator says"
	case r.SkipMissingTarget:
		flags = "--skip-missing-target says"
	case r.RefuseUnseen:
		flags = "--unseen says"
	default:
		return nil
	}
	return usageError("%s how a table is read, but %s is none", flags, item)
}

// writing is how numbers are written where no codec says.
func (r Reading) writing() data.Writing {
	if r.Writing == nil {
		return data.Writing{}
	}
	return *r.Writing
}
