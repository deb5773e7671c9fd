package dataset

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// Prose is what a model must know of a column of texts to read them word by word.
type Prose struct {
	Length int // words that nine of ten texts have at most
	Words  int // different words that occur twice or more
}

// proseFields is how many words, by the spaces between them, the texts of a column must have on average to be read word
// by word: more than a name or a title has.
const proseFields = 6

// saidFields is proseFields of a column that was said to be one of texts.
const saidFields = 2

// prose says how the column's texts are read word by word; nil where they are too short to be worth that.
func (c *tableColumn) prose(said bool) *Prose {
	least := proseFields
	if said {
		least = saidFields
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
		for _, word := range data.Words.Of(text) {
			count[word]++
			n++
		}
		lengths = append(lengths, n)
	}
	slices.Sort(lengths)
	p := &Prose{Length: lengths[(len(lengths)*9+9)/10-1]}
	for _, n := range count {
		if n > 1 {
			p.Words++
		}
	}
	return p
}
