package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Vocabulary is the symbols of a text, each with the integer that a model takes for it. It is a closed one, whose texts
// have no other symbols; or an open one, in which PaddingID fills up texts that are too short and UnknownID stands for
// symbols that training never saw, or not often enough. It does not change after it was made; any number of goroutines
// may use it.
type Vocabulary struct {
	kind    Tokens
	open    bool
	symbols []string // in the order of their integers, those of padding and unknown aside
	index   map[string]int32
	single  [256]int32 // the integers of symbols of one byte, for speed; −1: none
}

// The integers of an open vocabulary that are no symbol's.
const (
	PaddingID = 0
	UnknownID = 1

	reserved = 2
)

// maxSymbols bounds a vocabulary.
const maxSymbols = 1 << 20

// byteSymbols are the symbols of every vocabulary of bytes.
var byteSymbols = func() []string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	symbols := make([]string, len(all))
	for i := range symbols {
		symbols[i] = string(all[i : i+1])
	}
	return symbols
}()

// NewVocabulary makes a vocabulary of symbols in the order of their integers: the first is 0, or 2 in an open one. A closed
// vocabulary of characters is in the order of code points, and one of words is open. One of bytes has all 256, whatever
// symbols says.
func NewVocabulary(kind Tokens, open bool, symbols []string) (*Vocabulary, error) {
	v := &Vocabulary{kind: kind, open: open, symbols: slices.Clone(symbols)}
	if kind == Bytes {
		v.symbols = byteSymbols
	}
	if err := v.verify(); err != nil {
		return nil, err
	}
	first := int32(v.Size() - len(v.symbols))
	v.index = make(map[string]int32, len(v.symbols))
	for i := range v.single {
		v.single[i] = -1
	}
	for i, s := range v.symbols {
		if _, again := v.index[s]; again {
			return nil, fmt.Errorf("vocabulary: two symbols are %s", phrase.Quoted(s))
		}
		v.index[s] = first + int32(i)
		if len(s) == 1 {
			v.single[s[0]] = first + int32(i)
		}
	}
	return v, nil
}

// verify reports what is wrong with the symbols, but for those that are equal.
func (v *Vocabulary) verify() error {
	switch {
	case v.kind != Chars && v.kind != Bytes && v.kind != Words:
		return fmt.Errorf("vocabulary: unknown kind %s: write char, byte or word", phrase.Quoted(string(v.kind)))
	case v.kind == Words && !v.open:
		return errors.New("vocabulary: one of words is open, for nobody knows them all")
	case len(v.symbols) > maxSymbols:
		return fmt.Errorf("vocabulary: %d symbols are too many, %d are not", len(v.symbols), maxSymbols)
	case v.kind == Chars && !v.open && !ascending(v.symbols):
		return errors.New("vocabulary: the characters must differ and be in the order of code points")
	case len(v.symbols) == 0 && !v.open:
		return errors.New("vocabulary: there is no symbol")
	}
	for _, s := range v.symbols {
		if v.kind != Bytes && !(utf8.ValidString(s) && v.kind.isOne(s)) {
			return fmt.Errorf("vocabulary: %s is not one %s", phrase.Quoted(s), v.kind)
		}
	}
	return nil
}

// isOne reports whether a text is one symbol, as a vocabulary writes it.
func (k Tokens) isOne(text string) bool {
	for _, symbol := range k.Of(text) {
		return symbol == text // else there is more
	}
	return false
}

// Kind is what the symbols are.
func (v *Vocabulary) Kind() Tokens { return v.kind }

// Open reports whether there are integers for padding and for symbols that are unknown.
func (v *Vocabulary) Open() bool { return v.open }

// Size is the number of integers, from 0: the v of a spec's `of v`.
func (v *Vocabulary) Size() int {
	if v.open {
		return len(v.symbols) + reserved
	}
	return len(v.symbols)
}

// Symbol is the text of an integer: "" of padding and of one out of range, U+FFFD of what is unknown.
func (v *Vocabulary) Symbol(id int32) string {
	at := int(id)
	if v.open {
		if id == UnknownID {
			return string(utf8.RuneError)
		}
		at -= reserved
	}
	if at < 0 || at >= len(v.symbols) {
		return ""
	}
	return v.symbols[at]
}

// ID is the integer of a symbol, written as Tokens.Of writes it.
func (v *Vocabulary) ID(symbol string) (int32, bool) {
	if len(symbol) == 1 {
		id := v.single[symbol[0]]
		return id, id >= 0
	}
	id, ok := v.index[symbol]
	return id, ok
}

// Encode appends the integers of a text to dst. In a closed vocabulary a symbol that it lacks is an error, and dst as it
// was; in an open one it is UnknownID.
func (v *Vocabulary) Encode(dst []int32, text string) ([]int32, error) {
	to := dst
	for at, symbol := range v.kind.Of(text) {
		id, ok := v.ID(symbol)
		if !ok && !v.open {
			return dst, fmt.Errorf("byte %d: %w", at+1, v.Lacks(symbol))
		}
		if !ok {
			id = UnknownID
		}
		to = append(to, id)
	}
	return to, nil
}

// Lacks is the error for a character that a closed vocabulary has not.
func (v *Vocabulary) Lacks(symbol string) error {
	return fmt.Errorf("the character %s is none of the %d that training saw (%s)", character(symbol), len(v.symbols), v.List())
}

// Decode is the text of integers. Of words it is one in lower case, with spaces where they usually stand.
func (v *Vocabulary) Decode(ids []int32) string {
	var b strings.Builder
	d := v.Decoder()
	for _, id := range ids {
		b.WriteString(d.Next(id))
	}
	b.WriteString(d.Rest())
	return b.String()
}

// listed is how many characters of a list of symbols a message may have.
const listed = 80

// List is the symbols of characters or bytes for a message: all that a line can bear, and how many more there are.
func (v *Vocabulary) List() string {
	var b strings.Builder
	length := 0
	for i, s := range v.symbols {
		shown := bare(s)
		if length += utf8.RuneCountInString(shown); length > listed {
			fmt.Fprintf(&b, " … and %d more", len(v.symbols)-i)
			break
		}
		b.WriteString(shown)
	}
	return b.String()
}

// Difference says what the vocabulary has that another lacks, and the other way round; "" where they are the same.
func (v *Vocabulary) Difference(other *Vocabulary) string {
	switch {
	case v.kind != other.kind:
		return fmt.Sprintf("one is of %ss, the other of %ss", v.kind, other.kind)
	case v.open != other.open:
		return "one has integers for padding and the unknown, the other has not"
	}
	lacks := func(a, b *Vocabulary) []string {
		var list []string
		for _, s := range a.symbols {
			if _, ok := b.index[s]; !ok {
				if s == " " {
					s = "a space"
				}
				list = append(list, bare(s))
			}
		}
		return list
	}
	var parts []string
	if list := lacks(v, other); len(list) > 0 {
		parts = append(parts, "only the first has "+phrase.Listed(list))
	}
	if list := lacks(other, v); len(list) > 0 {
		parts = append(parts, "only the second has "+phrase.Listed(list))
	}
	if len(parts) == 0 && !slices.Equal(v.symbols, other.symbols) {
		return "their symbols are the same, in another order"
	}
	return strings.Join(parts, ", ")
}

// bare is a symbol for a list: without quotes, unless nothing would be seen of it.
func bare(symbol string) string {
	if r, _ := utf8.DecodeRuneInString(symbol); phrase.Commands(r) || !utf8.ValidString(symbol) {
		return strings.Trim(fmt.Sprintf("%+q", symbol), `"`)
	}
	return symbol
}

// character is a symbol in the middle of a message.
func character(symbol string) string {
	r, w := utf8.DecodeRuneInString(symbol)
	if r == utf8.RuneError && w == 1 {
		return fmt.Sprintf("<%02X>, which is no UTF-8,", symbol[0])
	}
	return fmt.Sprintf("%q (U+%04X)", symbol, r)
}
