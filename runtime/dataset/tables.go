package dataset

import (
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Tables is what a job or a command line says of tables: what their columns are (see Select) and how they are written
// (see Reading).
type Tables struct {
	Target   []string `json:"target,omitempty"`
	Features []string `json:"features,omitempty"`
	Drop     []string `json:"drop,omitempty"`
	ID       []string `json:"id,omitempty"`

	Sep       string   `json:"sep,omitempty"` // a character, or tab
	NoHeader  bool     `json:"no_header,omitempty"`
	Decimal   string   `json:"decimal,omitempty"`
	Thousands string   `json:"thousands,omitempty"`
	Missing   []string `json:"missing,omitempty"` // in place of the usual ones
	Unseen    string   `json:"unseen,omitempty"`  // "error", else a remark

	SkipMissingTarget bool `json:"skip_missing_target,omitempty"`

	Number           []string `json:"number,omitempty"`
	Text             []string `json:"text,omitempty"`
	Index            []string `json:"index,omitempty"`
	Tokens           string   `json:"tokens,omitempty"`
	Tokenizer        string   `json:"tokenizer,omitempty"`
	Truncate         string   `json:"truncate,omitempty"`
	MissingIndicator bool     `json:"missing_indicator,omitempty"`
}

// Selection is what the columns are.
func (t *Tables) Selection() Select {
	return Select{
		Target: t.Target, Features: t.Features, Drop: t.Drop, ID: t.ID, Number: t.Number, Text: t.Text, Index: t.Index, Tokens: t.Tokens, Tokenizer: t.Tokenizer, Truncate: t.Truncate,
	}
}

// Reading is how tables are read.
func (t *Tables) Reading() (Reading, error) {
	r := Reading{
		Layout:           format.Layout{NoHeader: t.NoHeader},
		MissingIndicator: t.MissingIndicator, SkipMissingTarget: t.SkipMissingTarget, RefuseUnseen: t.Unseen == "error",
	}
	switch {
	case t.Sep == "":
	case t.Sep == "tab" || t.Sep == `\t`:
		r.Sep = '\t'
	default:
		sep, size := utf8.DecodeRuneInString(t.Sep)
		if size != len(t.Sep) || sep == utf8.RuneError || strings.ContainsRune("\"\r\n", sep) {
			return r, usageError("--sep %s: write one character, or tab", phrase.Shell(t.Sep))
		}
		r.Sep = sep
	}
	if t.Decimal != "" || t.Thousands != "" || t.Missing != nil {
		r.Writing = &data.Writing{Decimal: t.Decimal, Thousands: t.Thousands, Missing: t.Missing}
		if err := r.Writing.Verify(); err != nil {
			return r, usageError("--decimal, --thousands, --missing: %w", err)
		}
	}
	return r, nil
}
