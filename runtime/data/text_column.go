package data

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// Text is how the text of a cell becomes a row of integers: its symbols, cut to the length or filled up to it with
// PaddingID; or the tokens of a WordPiece vocabulary between [CLS] and [SEP].
type Text struct {
	Vocabulary *Vocabulary          `json:"vocabulary,omitempty"` // an open one
	WordPiece  *wordpiece.Tokenizer `json:"wordpiece,omitempty"`  // in its place
	Length     int                  `json:"length"`               // integers
	// Second says that the text is the second of a pair, behind that of the column before it in the same integers. It
	// has no vocabulary of its own.
	Second bool `json:"second,omitempty"`
	// CutStart says that of a text that is too long the end is kept, else its beginning.
	CutStart bool `json:"cut_start,omitempty"`
	// PadStart says that padding stands before the symbols, so that the last integer is one; else behind them.
	PadStart bool `json:"pad_start,omitempty"`

	pieces *wordpiece.Tokenizer // of WordPiece, the first text's of a second; nil: symbols of Vocabulary
	paired bool                 // a second text follows
}

// maxLength bounds the integers of a text.
const maxLength = 1 << 24

// Encode writes the integers of a text to dst [Length], of one that is a codec's. It returns how many of them are symbols, and adds the text to
// count, which may be nil.
func (t *Text) Encode(dst []int32, text string, count *TextCount) int {
	n, _ := t.encode(dst, text, count)
	return n
}

// encode is Encode. It also returns how many of the integers are those of the first text of a pair, of one text all.
func (t *Text) encode(dst []int32, text string, count *TextCount) (n, first int) {
	switch {
	case t.Second:
		return t.encodeSecond(dst, text, count)
	case t.pieces != nil:
		n = t.encodePieces(dst, text, count)
	default:
		n = t.encodeSymbols(dst, text, count)
	}
	return n, n
}

// encodeSymbols is Encode for symbols of the vocabulary.
func (t *Text) encodeSymbols(dst []int32, text string, count *TextCount) int {
	kind, n := t.Vocabulary.kind, 0
	all, skip := t.Length, 0
	if count != nil || t.CutStart {
		if all = kind.Count(text); t.CutStart {
			skip = max(0, all-t.Length)
		}
	}
	unknown := 0
	for _, symbol := range kind.Of(text) {
		if skip > 0 {
			skip--
			continue
		}
		if n == t.Length {
			break
		}
		id, ok := t.Vocabulary.ID(symbol)
		if !ok {
			id = UnknownID
			unknown++
		}
		dst[n] = id
		n++
	}
	if pad := t.Length - n; t.PadStart && pad > 0 {
		copy(dst[pad:], dst[:n])
		clear(dst[:pad]) // to PaddingID
	} else {
		clear(dst[n:])
	}
	if count != nil {
		count.add(all, n, unknown)
	}
	return n
}

// TextCount counts texts that were encoded.
type TextCount struct {
	Texts   int
	Empty   int // without a symbol
	Cut     int // longer than there is room
	Symbols int // that were kept
	Unknown int // of them
}

func (c *TextCount) add(all, kept, unknown int) {
	c.Texts++
	if all == 0 {
		c.Empty++
	}
	if all > kept {
		c.Cut++
	}
	c.Symbols += kept
	c.Unknown += unknown
}

// Said is what there is to say of texts that were encoded.
func (c *TextCount) Said(t *Text) string {
	if t.pieces != nil {
		return c.saidOfPieces(t)
	}
	noun := t.Vocabulary.kind.Noun()
	said := fmt.Sprintf("%.3g %% of %s are unknown", 100*float64(c.Unknown)/float64(max(c.Symbols, 1)), phrase.Counted(c.Symbols, noun))
	if c.Cut > 0 {
		part := "end"
		if t.CutStart {
			part = "beginning"
		}
		said += fmt.Sprintf("; %d of %s longer than %d lose their %s", c.Cut, phrase.Counted(c.Texts, "text"), t.Length, part)
	}
	if c.Empty > 0 {
		said += fmt.Sprintf("; %d of %s without a %s: all padding", c.Empty, phrase.Counted(c.Texts, "text"), noun)
	}
	return said
}

// verify reports what is wrong with it where it was read from a file.
func (t *Text) verify(limit int) error {
	switch {
	case t.Length < 1 || t.Length > maxLength:
		return fmt.Errorf("a text of %d integers", t.Length)
	case t.WordPiece != nil || t.Second:
		return t.verifyPieces(limit)
	case t.Vocabulary == nil || !t.Vocabulary.open:
		return errors.New("a text has an open vocabulary")
	case t.Vocabulary.Size() > limit:
		return fmt.Errorf("a vocabulary of %d for integers below %d", t.Vocabulary.Size(), limit)
	}
	return nil
}

// The ways in which an input measures the text of another.
const (
	MeasureLength  = "length"  // the number of its symbols, at most the text's length
	MeasureMask    = "mask"    // 1 at each of its symbols, 0 at padding
	MeasureSegment = "segment" // 1 at each of the second text of a pair, its [SEP] included, 0 elsewhere
)

// measure is an input that measures a text.
type measure struct {
	input int
	how   string
}

// fill writes what is measured of a text in row of its input, n of whose integers are symbols, the first of them those
// of the first text of a pair.
func (m measure) fill(inputs []Block, row, n, first int, t *Text) {
	from, to := 0, n // where 1 stands
	switch {
	case m.how == MeasureLength:
		inputs[m.input].Int[row] = int32(n)
		return
	case m.how == MeasureSegment:
		from = first
	case t.PadStart:
		from, to = t.Length-n, t.Length
	}
	if real := inputs[m.input].Float; real != nil {
		setRange(real[row*t.Length:][:t.Length], from, to)
		return
	}
	setRange(inputs[m.input].Int[row*t.Length:][:t.Length], from, to)
}

// setRange makes a row 1 at [from, to), else 0.
func setRange[T int32 | float32](row []T, from, to int) {
	clear(row)
	for i := from; i < to; i++ {
		row[i] = 1
	}
}

// measures finds the inputs that measure the texts, and what they take.
func (c *Codec) measures() {
	for i := range c.inputs {
		in := &c.inputs[i]
		if in.Of == "" {
			continue
		}
		base := slices.IndexFunc(c.inputs, func(other InputColumns) bool { return other.Name == in.Of && other.Columns > 0 })
		length := c.inputs[base].width
		in.ints = !in.Real
		if in.width, in.limit = 1, length+1; in.Measures != MeasureLength {
			in.width, in.limit = length, 2
		}
		if in.Real {
			in.limit = 0
		}
		if c.measured == nil {
			c.measured = map[int][]measure{}
		}
		for at, s := range c.slots {
			if s.input == base {
				c.measured[at] = append(c.measured[at], measure{i, in.Measures})
			}
		}
	}
}

// EncodeText writes the model values of column i's text to their place in a row of the inputs, those that measure it
// included, and adds it to count, which may be nil. The column must be one of texts whose symbols are integers. Of a
// pair the first text is encoded before the second, which goes behind it and counts for both.
func (c *Codec) EncodeText(inputs []Block, row, i int, text string, count *TextCount) {
	col, s := &c.columns[i], c.slots[i]
	at := row*c.inputs[s.input].width + s.at
	n, first := col.Tokens.encode(inputs[s.input].Int[at:at+col.Tokens.Length], text, count)
	for _, m := range c.measured[i] {
		m.fill(inputs, row, n, first, col.Tokens)
	}
}

// MeasuredBy are the inputs that measure the text of column i.
func (c *Codec) MeasuredBy(i int) []int {
	var inputs []int
	for _, m := range c.measured[i] {
		inputs = append(inputs, m.input)
	}
	return inputs
}

// describe says what becomes of the column's texts.
func (t *Text) describe(column string, limit int) string {
	if t.pieces != nil {
		return t.describePieces(column)
	}
	pad := "after"
	if t.PadStart {
		pad = "before"
	}
	line := fmt.Sprintf("%s as %d integers: %s from %d on, %d the unknown, %d the padding %s them",
		phrase.Visible(column), t.Length, t.Vocabulary.counted(), reserved, UnknownID, PaddingID, pad)
	if unused := limit - t.Vocabulary.Size(); unused > 0 {
		line += fmt.Sprintf("; `of %d` would do", t.Vocabulary.Size())
	}
	return line
}
