package data

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// The integers of a text's tokens that are none of the text.
const (
	aroundOne  = 2 // [CLS] first [SEP]
	aroundPair = 3 // [CLS] first [SEP] second [SEP]
)

// LeastTokens is how many integers an input of a text's tokens has at least: room for one of each of two texts.
const LeastTokens = aroundPair + 2

// tokens are the integers of a text's tokens.
func (t *Text) tokens(text string) []int32 {
	tokens := t.pieces.Encode(nil, text)
	ids := make([]int32, len(tokens))
	for i, token := range tokens {
		ids[i] = token.ID
	}
	return ids
}

// encodePieces is Encode for the tokens of a vocabulary: [CLS] text [SEP]. The first text of a pair is not counted.
func (t *Text) encodePieces(dst []int32, text string, count *TextCount) int {
	ids := t.tokens(text)
	kept := t.kept(ids, t.Length-aroundOne)
	n := t.put(dst, kept)
	if count != nil && !t.paired {
		count.add(len(ids), len(kept), t.unknown(kept))
	}
	return n
}

// encodeSecond is Encode for the second text of a pair, whose first has been encoded in dst: [CLS] first [SEP] second
// [SEP]. Where there is not room for both, the longer one loses its last token until there is, of two as long the
// second, or its first with CutStart. first is how many integers stand before the second text.
func (t *Text) encodeSecond(dst []int32, text string, count *TextCount) (n, first int) {
	var one []int32 // of which there may be one more than there is room for
	if end := slices.Index(dst, t.pieces.Separator()); end > 0 {
		one = slices.Clone(dst[1:end])
	}
	two := t.tokens(text)
	all, most := len(one)+len(two), t.Length-aroundPair
	a, b := len(one), len(two)
	for a+b > most {
		if a > b {
			a--
		} else {
			b--
		}
	}
	one, two = t.kept(one, a), t.kept(two, b)
	first = aroundOne + a
	n = t.put(dst, one, two)
	if count != nil {
		count.add(all, a+b, t.unknown(one)+t.unknown(two))
	}
	return n, first
}

// kept are as many of a text's tokens as there is room for.
func (t *Text) kept(ids []int32, most int) []int32 {
	switch {
	case len(ids) <= most:
		return ids
	case t.CutStart:
		return ids[len(ids)-most:]
	}
	return ids[:most]
}

// put writes [CLS], the texts, each with [SEP] behind it, and padding. It returns the number of integers before that.
func (t *Text) put(dst []int32, texts ...[]int32) int {
	dst[0] = t.pieces.Class()
	n := 1
	for _, ids := range texts {
		n += copy(dst[n:], ids)
		dst[n] = t.pieces.Separator()
		n++
	}
	for i := n; i < len(dst); i++ {
		dst[i] = t.pieces.Padding()
	}
	return n
}

// unknown counts the tokens that stand for what the vocabulary lacks.
func (t *Text) unknown(ids []int32) int {
	n := 0
	for _, id := range ids {
		if id == t.pieces.Unknown() {
			n++
		}
	}
	return n
}

// saidOfPieces is Said for the tokens of a vocabulary.
func (c *TextCount) saidOfPieces(t *Text) string {
	what, part := "text", "end"
	if t.CutStart {
		part = "beginning"
	}
	said := fmt.Sprintf("%.3g %% of %s are unknown", 100*float64(c.Unknown)/float64(max(c.Symbols, 1)), phrase.Counted(c.Symbols, "token"))
	loses, room := "their "+part, t.Length-aroundOne
	if t.Second {
		what, loses, room = "pair", "the "+part+" of the longer text", t.Length-aroundPair
	}
	if c.Cut > 0 {
		said += fmt.Sprintf("; %d of %s longer than %d tokens lose %s", c.Cut, phrase.Counted(c.Texts, what), room, loses)
	}
	if c.Empty > 0 {
		said += fmt.Sprintf("; %d of %s without a token", c.Empty, phrase.Counted(c.Texts, what))
	}
	return said
}

// verifyPieces is verify for the tokens of a vocabulary, and for the second text of a pair.
func (t *Text) verifyPieces(limit int) error {
	switch {
	case t.Vocabulary != nil || t.PadStart:
		return errors.New("the tokens of a text have one vocabulary, and padding behind them")
	case t.Second != (t.WordPiece == nil):
		return errors.New("the second text of a pair has the vocabulary of the first")
	case t.WordPiece != nil && limit > 0 && t.WordPiece.Size() > limit:
		return fmt.Errorf("a vocabulary of %d for integers below %d", t.WordPiece.Size(), limit)
	case t.Length < LeastTokens:
		return fmt.Errorf("tokens of a text in %s", phrase.Counted(t.Length, "integer"))
	}
	return nil
}

// pairs gives the texts of an input, which are one column or a pair, their vocabulary.
func pairs(columns []Column) {
	for i := range columns {
		if columns[i].Kind != KindTokens {
			continue
		}
		text := *columns[i].Tokens // which may be another codec's too
		text.pieces, text.paired = text.WordPiece, i+1 < len(columns)
		if text.Second {
			text.pieces = columns[i-1].Tokens.pieces
		}
		columns[i].Tokens = &text
	}
}

// arePair reports whether columns are a text and one that goes behind it in the same integers.
func arePair(columns []Column) bool {
	if len(columns) != 2 || columns[0].Kind != KindTokens || columns[1].Kind != KindTokens {
		return false
	}
	first, second := columns[0].Tokens, columns[1].Tokens
	return first.WordPiece != nil && second.Second && first.Length == second.Length && first.CutStart == second.CutStart
}

// WordPiece is the tokenizer of the texts of column i, nil where its symbols are others, or none.
func (c *Codec) WordPiece(i int) *wordpiece.Tokenizer {
	if c.columns[i].Tokens == nil {
		return nil
	}
	return c.columns[i].Tokens.pieces
}

// TextName is what a message calls the text of column i: of a pair, whose second is spoken of, both.
func (c *Codec) TextName(i int) string {
	name := phrase.Visible(c.columns[i].Name)
	if c.columns[i].isSecond() {
		return phrase.Visible(c.columns[i-1].Name) + " and " + name
	}
	return name
}

// describePieces is describe for the tokens of a vocabulary.
func (t *Text) describePieces(column string) string {
	column = phrase.Visible(column)
	if t.Second {
		return fmt.Sprintf("%s behind it: [CLS] first [SEP] second [SEP]", column)
	}
	return fmt.Sprintf("%s as %d integers: [CLS], the tokens of a WordPiece vocabulary of %d, [SEP], and padding behind them", column, t.Length, t.pieces.Size())
}
