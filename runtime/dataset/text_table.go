package dataset

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// texts is how a table's columns of texts become integers.
type texts struct {
	kind      data.Tokens
	tokenizer *wordpiece.Tokenizer // in place of kind, unless nil
	cutStart  bool
	said      bool // a flag says so
}

// texts reads what the flags say.
func (s Select) texts() (texts, error) {
	t := texts{kind: data.Words, said: s.Tokens != "" || s.Tokenizer != ""}
	switch kind := data.Tokens(s.Tokens); kind {
	case "":
	case data.Words, data.Chars, data.Bytes:
		t.kind = kind
	default:
		return t, usageError("--tokens %s: write word, char or byte", s.Tokens)
	}
	switch s.Truncate {
	case "", "end":
	case "start":
		t.cutStart = true
	default:
		return t, usageError("--truncate %s: write start or end", s.Truncate)
	}
	if s.Tokenizer != "" && s.Tokens != "" {
		return t, usageError("--tokens %s and --tokenizer %s exclude each other: a text is divided in one way", s.Tokens, s.Tokenizer)
	}
	var err error
	t.tokenizer, err = s.tokenizer()
	return t, err
}

// pieces is how a text becomes so many tokens of the vocabulary, be it the second of a pair.
func (t texts) pieces(length int, second bool) *data.Text {
	text := &data.Text{Length: length, CutStart: t.cutStart, Second: second}
	if !second {
		text.WordPiece = t.tokenizer
	}
	return text
}

// tokenLength is how many integers a text takes as tokens of the vocabulary, with [CLS] and [SEP].
func (t texts) tokenLength(text string) int { return len(t.tokenizer.Encode(nil, text)) + 2 }

// inPieces reports whether texts are the tokens of a WordPiece vocabulary.
func (s Select) inPieces() bool { return s.Tokenizer != "" || s.storedPieces }

// withoutTexts is an error if something is said of texts though none become integers in what is named.
func (s Select) withoutTexts(name, why string) error {
	switch {
	case s.Tokens != "":
		return usageError("--tokens %s says what a text is divided into, but %s %s", s.Tokens, name, why)
	case s.Tokenizer != "":
		return usageError("--tokenizer %s says which tokens a text is divided into, but %s %s", s.Tokenizer, name, why)
	case s.Truncate != "":
		return usageError("--truncate %s says what a text that is too long loses, but %s %s", s.Truncate, name, why)
	}
	return nil
}

// isText reports whether an input takes the symbols of a text: one of several integers that has one column, an index
// that pandas wrote aside, which --index does not call a text by its place. Of tokens of a WordPiece vocabulary it may
// take a pair of texts.
func (r *roles) isText(i int, p data.Port, header []string, inPieces bool) bool {
	if !p.Int || p.Size() < 2 || len(p.Shape) != 1 {
		return false
	}
	columns := 0
	for _, f := range r.features[i] {
		if f == 0 && (header[f] == "" || header[f] == pandasIndex) {
			continue
		}
		columns++
		if r.kinds[f] == data.KindIndex {
			return false
		}
	}
	return columns == 1 || columns == 2 && inPieces
}

// checkIntegers returns an error if an input of integers has another number of columns than it takes, before their cells are
// read: a text among them would be none.
func (t *table) checkIntegers(columns []*tableColumn, p data.Port, several bool) error {
	if !p.Int || len(columns) == 0 {
		return nil
	}
	var made []data.Column
	for _, c := range columns {
		if c.kind == data.KindTokens {
			return nil
		}
		if c.field > 0 || c.name != "" && c.name != pandasIndex {
			made = append(made, data.Column{Name: c.name, Kind: data.KindIndex})
		}
	}
	if len(made) == p.Size() || len(columns) == p.Size() {
		return nil
	}
	return t.widthError(made, len(made), p, several)
}

// hasTexts reports whether a column's symbols become integers.
func (t *table) hasTexts() bool {
	for _, columns := range t.inputs {
		for _, c := range columns {
			if c.kind == data.KindTokens {
				return true
			}
		}
	}
	return false
}

// fitText makes the vocabulary of a column of texts, which the input p takes, of the rows to train on, where none is given.
func (t *table) fitText(f *tableColumn, p data.Port, train []int) (*data.Text, error) {
	if t.texts.tokenizer != nil {
		return t.texts.pieces(f.length, f.second), nil
	}
	text := &data.Text{Length: f.length, CutStart: t.texts.cutStart, PadStart: !f.measured}
	n := data.NewSymbolCount(t.texts.kind)
	for _, r := range train {
		n.Add(f.texts[r])
	}
	var err error
	if text.Vocabulary, err = n.OpenOf(f.limit); err != nil {
		return nil, fmt.Errorf("column %q: %w: %s", f.name, err, p.Widen(data.OpenBytes))
	}
	different := n.Different()
	switch known := text.Vocabulary.Size() - 2; {
	case t.texts.kind == data.Bytes:
	case different == 0:
		return nil, fmt.Errorf("column %q has no %s in the training part: leave it out with %s", f.name, t.texts.kind, phrase.Option("--drop", f.name))
	case different > known:
		t.fitNotes = append(t.fitNotes, fmt.Sprintf("%s: %d different %ss in the rows to train on, of which the %d most frequent are known", phrase.Visible(f.name), different, t.texts.kind, known))
	}
	return text, nil
}

// measured are the inputs that measure the text of another, which is what is given of each: the number of its symbols, of
// an input of one integer up to the text's length; or a mask, of as many integers of 2. Of tokens of a WordPiece
// vocabulary these are the segments, unless the input's name says mask, and a mask may be of real numbers too. No column
// feeds them.
func measured(inputs []data.Port, inPieces bool, fed func(i int) bool) map[int]data.InputColumns {
	found := map[int]data.InputColumns{}
	taken := map[string]bool{}
	for i, p := range inputs {
		if !p.Int && !inPieces || fed(i) {
			continue
		}
		for k, text := range inputs {
			if k == i || !text.Int || text.Size() < 2 || len(text.Shape) != 1 || text.Limit == 1 || text.Limit == 2 {
				continue // integers of 2 are no words, but may be a mask
			}
			how := ""
			switch {
			case p.Int && p.Size() == 1 && p.Limit == text.Size()+1:
				how = data.MeasureLength
			case p.Size() != text.Size() || text.Limit <= 2 || p.Int && p.Limit != 2 || p.Judged != nil:
			case p.Int && inPieces && !taken[data.MeasureSegment+text.Name] && !strings.Contains(strings.ToLower(p.Name), data.MeasureMask):
				how = data.MeasureSegment
			default:
				how = data.MeasureMask
			}
			if how != "" && !taken[how+text.Name] {
				found[i] = data.InputColumns{Name: p.Name, Of: text.Name, Measures: how, Real: !p.Int}
				taken[how+text.Name] = true
				break
			}
		}
	}
	return found
}

// measuredText reports whether an input measures the text of the one of that name.
func (r *roles) measuredText(name string) bool {
	for _, m := range r.measures {
		if m.Of == name {
			return true
		}
	}
	return false
}
