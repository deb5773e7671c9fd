package data

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

// Every symbol that a text is cut into is one by itself, or else no vocabulary could hold it.
func TestSymbolsAreSymbols(t *testing.T) {
	one := func(kind Tokens, text string) {
		for _, symbol := range kind.Of(text) {
			if !kind.isOne(symbol) {
				t.Fatalf("%s %+q of %+q", kind, symbol, text)
			}
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		one(Words, "a"+string(r)+"b")
	}
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaÉİẞΣ7\u0301'’’ ,我ー\u200d\uFFFD")
	for range 3000 {
		var b strings.Builder
		for range 1 + random.IntN(200) {
			if random.IntN(300) == 0 {
				b.WriteByte(0xff) // no UTF-8
			}
			b.WriteRune(alphabet[random.IntN(len(alphabet))])
		}
		for _, kind := range []Tokens{Chars, Words} {
			one(kind, b.String())
		}
	}
}

// A word that is cut at 64 characters is not cut behind an apostrophe.
func TestLongWordsWithApostrophes(t *testing.T) {
	a := func(n int) string { return strings.Repeat("a", n) }
	for text, want := range map[string][]string{
		a(62) + "'b": {a(62) + "'b"},
		a(63) + "'b": {a(63), "'", "b"},
		a(64) + "'b": {a(64), "'", "b"},
		a(63) + "’b": {a(63), "'", "b"},
	} {
		got, _ := symbolsOf(Words, text)
		assert.Equal(t, want, got)
		n := NewSymbolCount(Words)
		n.Add(text)
		_, err := n.OpenOf(100)
		assert.NoError(t, err)
	}
}

func TestPlainTextIsTheSameWhereverItWasCheckedOut(t *testing.T) {
	assert.Equal(t, "a\nb\r\uFEFF\n\n", Plain("\uFEFFa\r\nb\r\uFEFF\n\r\n"))
	assert.Equal(t, []string{"character", "byte", "word"}, []string{Chars.Noun(), Bytes.Noun(), Words.Noun()})
}
