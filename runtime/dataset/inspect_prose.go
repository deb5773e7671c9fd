package dataset

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// Prose is what a model must know of a column of texts to read them symbol by symbol: word by word, or as --tokens has it.
type Prose struct {
	Kind   data.Tokens
	Pieces bool // the tokens of a vocabulary, whatever Kind is
	Length int  // symbols that nine of ten texts have at most, of tokens with [CLS] and [SEP]
	Known  int  // different symbols that occur twice or more; all tokens of a vocabulary
}

// Noun is what people call a symbol.
func (p *Prose) Noun() string {
	if p.Pieces {
		return "token"
	}
	return p.Kind.Noun()
}

// proseFields is how many words, by the spaces between them, the texts of a column must have on average to be read symbol
// by symbol: more than a name or a title has.
const proseFields = 6

// saidFields is proseFields of a column that was said to be one of texts, for words; a name has characters enough.
const saidFields = 2

// prose says how the column's texts are read as symbols; nil where they are too short to be worth that.
func (c *tableColumn) prose(t texts, said bool) *Prose {
	kind, least := t.kind, proseFields
	switch {
	case said && kind == data.Words:
		least = saidFields
	case said:
		least = 1
	}
	fields := 0
	for _, text := range c.names {
		fields += len(strings.Fields(text))
	}
	if fields < least*len(c.names) || len(c.names) == 0 {
		return nil
	}
	count := map[string]int{}
	lengths := make([]int, 0, len(c.names))
	for _, text := range c.names {
		n := 0
		if t.tokenizer != nil {
			lengths = append(lengths, t.tokenLength(text))
			continue
		}
		for _, word := range kind.Of(text) {
			count[word]++
			n++
		}
		lengths = append(lengths, n)
	}
	slices.Sort(lengths)
	p := &Prose{Kind: kind, Length: lengths[(len(lengths)*9+9)/10-1]}
	if t.tokenizer != nil {
		p.Pieces, p.Known = true, t.tokenizer.Size()
	}
	for _, n := range count {
		if n > 1 {
			p.Known++
		}
	}
	return p
}
