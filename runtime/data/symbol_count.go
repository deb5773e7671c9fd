package data

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// SymbolCount counts the symbols of texts, of which a vocabulary is made.
type SymbolCount struct {
	kind   Tokens
	count  map[string]int
	single [utf8.RuneSelf]int // of symbols of one byte of ASCII, for speed
}

// NewSymbolCount begins to count.
func NewSymbolCount(kind Tokens) *SymbolCount {
	return &SymbolCount{kind: kind, count: map[string]int{}}
}

// Add counts the symbols of a text. Bytes that are no UTF-8 are no characters, and are not counted.
func (c *SymbolCount) Add(text string) {
	for _, symbol := range c.kind.Of(text) {
		if len(symbol) == 1 && symbol[0] < utf8.RuneSelf {
			c.single[symbol[0]]++
			continue
		}
		n, known := c.count[symbol]
		if !known {
			if c.kind != Bytes && !utf8.ValidString(symbol) {
				continue
			}
			symbol = strings.Clone(symbol) // not a piece of the text's memory
		}
		c.count[symbol] = n + 1
	}
}

// all are the counts by symbol.
func (c *SymbolCount) all() map[string]int {
	all := maps.Clone(c.count)
	for b, n := range c.single {
		if n > 0 {
			all[byteSymbols[b]] = n
		}
	}
	return all
}

// Different is how many different symbols there are.
func (c *SymbolCount) Different() int { return len(c.all()) }

// Closed is the vocabulary of all symbols, in the order of code points.
func (c *SymbolCount) Closed() (*Vocabulary, error) {
	return NewVocabulary(c.kind, false, slices.Sorted(maps.Keys(c.all())))
}

// OpenBytes is how many integers an open vocabulary of bytes has.
const OpenBytes = reserved + 256

// OpenOf is the vocabulary of at most size integers that has the most frequent symbols, those first that are most frequent, of equal
// ones those that are first in byte order.
func (c *SymbolCount) OpenOf(size int) (*Vocabulary, error) {
	if c.kind == Bytes && size < OpenBytes {
		return nil, fmt.Errorf("a vocabulary of bytes takes %d integers, padding and the unknown among them, but there are %d", OpenBytes, size)
	}
	count := c.all()
	symbols := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return NewVocabulary(c.kind, true, symbols[:max(0, min(len(symbols), size-reserved, maxSymbols))])
}
