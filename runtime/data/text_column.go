package data

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Text is how the text of a cell becomes a row of integers: its symbols, cut to the length or filled up to it with
// PaddingID.
type Text struct {
	Vocabulary *Vocabulary `json:"vocabulary"` // an open one
	Length     int         `json:"length"`     // integers
	// CutStart says that of a text that is too long the end is kept, else its beginning.
	CutStart bool `json:"cut_start,omitempty"`
	// PadStart says that padding stands before the symbols, so that the last integer is one; else behind them.
	PadStart bool `json:"pad_start,omitempty"`
}

// maxLength bounds the integers of a text.
const maxLength = 1 << 24

// Encode writes the integers of a text to dst [Length]. It returns how many of them are symbols, and adds the text to
// count, which may be nil.
func (t *Text) Encode(dst []int32, text string, count *TextCount) int {
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
	case t.Vocabulary == nil || !t.Vocabulary.open:
		return errors.New("a text has an open vocabulary")
	case t.Vocabulary.Size() > limit:
		return fmt.Errorf("a vocabulary of %d for integers below %d", t.Vocabulary.Size(), limit)
	case t.Length < 1 || t.Length > maxLength:
		return fmt.Errorf("a text of %d integers", t.Length)
	}
	return nil
}

// The ways in which an input measures the text of another.
const (
	MeasureLength = "length" // the number of its symbols, at most the text's length
	MeasureMask   = "mask"   // 1 at each of its symbols, 0 at padding
)

// measure is an input that measures a text.
type measure struct {
	input int
	how   string
}

// fill writes what is measured of a text in row of its input, n of whose integers are symbols.
func (m measure) fill(inputs []Block, row, n int, t *Text) {
	if m.how == MeasureLength {
		inputs[m.input].Int[row] = int32(n)
		return
	}
	mask := inputs[m.input].Int[row*t.Length:][:t.Length]
	for i := range mask {
		mask[i] = 0
		if symbol := i < n; symbol && !t.PadStart || i >= t.Length-n && t.PadStart {
			mask[i] = 1
		}
	}
}

// measures finds the inputs that measure the texts, and what they take.
func (c *Codec) measures() {
	for i := range c.inputs {
		in := &c.inputs[i]
		if in.Of == "" {
			continue
		}
		base := slices.IndexFunc(c.inputs, func(other InputColumns) bool { return other.Name == in.Of && other.Columns == 1 })
		length := c.inputs[base].width
		in.ints = true
		if in.width, in.limit = 1, length+1; in.Measures == MeasureMask {
			in.width, in.limit = length, 2
		}
		at := slices.IndexFunc(c.slots, func(s slot) bool { return s.input == base })
		if c.measured == nil {
			c.measured = map[int][]measure{}
		}
		c.measured[at] = append(c.measured[at], measure{i, in.Measures})
	}
}

// EncodeText writes the model values of column i's text to their place in a row of the inputs, those that measure it
// included, and adds it to count, which may be nil. The column must be one of texts whose symbols are integers.
func (c *Codec) EncodeText(inputs []Block, row, i int, text string, count *TextCount) {
	col, s := &c.columns[i], c.slots[i]
	at := row*c.inputs[s.input].width + s.at
	n := col.Tokens.Encode(inputs[s.input].Int[at:at+col.Tokens.Length], text, count)
	for _, m := range c.measured[i] {
		m.fill(inputs, row, n, col.Tokens)
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
	pad := "behind"
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
