package data

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func symbolsOf(kind Tokens, text string) (symbols []string, at []int) {
	for i, s := range kind.Of(text) {
		symbols, at = append(symbols, s), append(at, i)
	}
	return symbols, at
}

func TestWhatSymbolsAre(t *testing.T) {
	for _, c := range []struct {
		kind Tokens
		text string
		want []string
	}{
		{Chars, "né\n", []string{"n", "é", "\n"}},
		{Bytes, "é\xff", []string{"\xc3", "\xa9", "\xff"}},
		{Words, "It's not bad, it's GREAT!!", []string{"it's", "not", "bad", ",", "it's", "great", "!", "!"}},
		{Words, "don’t 'quote' ’tis", []string{"don't", "'", "quote", "'", "'", "tis"}},
		{Words, "3.14 r2d2\t\u200bx\x00y", []string{"3", ".", "14", "r2d2", "x", "y"}},
		{Words, "Straße ÉCOLE e\u0301te\u0301", []string{"straße", "école", "e\u0301te\u0301"}},
		{Words, "我爱Go语言。", []string{"我", "爱", "go", "语", "言", "。"}},
		{Words, "🙂ok", []string{"🙂", "ok"}},
		{Words, " \r\n", nil},
		{Words, strings.Repeat("a", 130), []string{strings.Repeat("a", 64), strings.Repeat("a", 64), "aa"}},
	} {
		got, _ := symbolsOf(c.kind, c.text)
		assert.Equal(t, c.want, got, c.text)
	}
	_, at := symbolsOf(Words, "é, ok")
	assert.Equal(t, []int{0, 2, 4}, at, "each symbol has its place in bytes")
}

func TestClosedVocabularyIsInTheOrderOfCodePoints(t *testing.T) {
	n := NewSymbolCount(Chars)
	n.Add("hé z")
	n.Add("\U0001F642\uFB01a")
	v, err := n.Closed()
	require.NoError(t, err)
	assert.Equal(t, 7, v.Size())
	ids, err := v.Encode(nil, " ahzé\uFB01\U0001F642")
	require.NoError(t, err)
	assert.Equal(t, []int32{0, 1, 2, 3, 4, 5, 6}, ids)
	assert.Equal(t, "hé z", v.Decode([]int32{2, 4, 0, 3}))

	dst := []int32{9}
	got, err := v.Encode(dst, "az?")
	assert.EqualError(t, err, `byte 3: the character "?" (U+003F) is none of the 7 that training saw ( ahzéﬁ🙂)`)
	assert.Equal(t, dst, got)
	_, err = v.Encode(nil, "a\xff")
	assert.ErrorContains(t, err, "<FF>, which is no UTF-8")
}

func TestOpenVocabularyKeepsTheMostFrequent(t *testing.T) {
	n := NewSymbolCount(Words)
	n.Add("b a c a")
	n.Add("b, d")
	assert.Equal(t, 5, n.Different())
	v, err := n.OpenOf(6)
	require.NoError(t, err)
	assert.Equal(t, 6, v.Size(), "a and b twice, then the comma and c")
	ids, err := v.Encode(nil, "A b, c d")
	require.NoError(t, err)
	assert.Equal(t, []int32{2, 3, 4, 5, UnknownID}, ids)
	assert.Equal(t, "a b, c \uFFFD", v.Decode(ids))
	assert.Equal(t, "b", v.Decode([]int32{PaddingID, 3, 99, -1}))

	small, err := n.OpenOf(2)
	require.NoError(t, err)
	ids, err = small.Encode(nil, "a b")
	require.NoError(t, err)
	assert.Equal(t, []int32{UnknownID, UnknownID}, ids)
}

func TestBytesStandForThemselves(t *testing.T) {
	closed, err := NewVocabulary(Bytes, false, nil)
	require.NoError(t, err)
	assert.Equal(t, 256, closed.Size())
	ids, err := closed.Encode(nil, "é\xff")
	require.NoError(t, err)
	assert.Equal(t, []int32{0xc3, 0xa9, 0xff}, ids)

	n := NewSymbolCount(Bytes)
	open, err := n.OpenOf(300)
	require.NoError(t, err)
	assert.Equal(t, 258, open.Size())
	ids, err = open.Encode(nil, "A")
	require.NoError(t, err)
	assert.Equal(t, []int32{'A' + 2}, ids)
	_, err = n.OpenOf(257)
	assert.EqualError(t, err, "a vocabulary of bytes takes 258 integers, padding and the unknown among them, but there are 257")
}

func TestBytesOfACharacterAreDecodedTogether(t *testing.T) {
	v, err := NewVocabulary(Bytes, false, nil)
	require.NoError(t, err)
	d := v.Decoder()
	var parts []string
	for _, b := range []byte("a€\xe2b\xf0\x9f") {
		parts = append(parts, d.Next(int32(b)))
	}
	assert.Equal(t, []string{"a", "", "", "€", "", "\uFFFDb", "", ""}, parts)
	assert.Equal(t, "\uFFFD", d.Rest())
	assert.Equal(t, "", d.Rest())
}

func TestWordsAreSetWithSpaces(t *testing.T) {
	n := NewSymbolCount(Words)
	n.Add("he said ( quietly ) : no , never !")
	v, err := n.OpenOf(100)
	require.NoError(t, err)
	ids, err := v.Encode(nil, "He said (quietly): no, never!")
	require.NoError(t, err)
	assert.Equal(t, "he said (quietly): no, never!", v.Decode(ids))
}

func TestVocabularyIsStored(t *testing.T) {
	for _, c := range []struct {
		kind Tokens
		open bool
		text string
		want string
	}{
		{Chars, false, "ba\n", `{"kind":"char","symbols":["\n","a","b"]}`},
		{Chars, true, "abb", `{"kind":"char","open":true,"symbols":["b","a"]}`},
		{Words, true, "b <a>", `{"kind":"word","open":true,"symbols":["\u003c","\u003e","a","b"]}`},
		{Bytes, false, "xy", `{"kind":"byte"}`},
		{Bytes, true, "xy", `{"kind":"byte","open":true}`},
	} {
		n := NewSymbolCount(c.kind)
		n.Add(c.text)
		v, err := n.Closed()
		if c.open {
			v, err = n.OpenOf(1000)
		}
		require.NoError(t, err)
		text, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, c.want, string(text))
		var back Vocabulary
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Empty(t, v.Difference(&back))
		assert.Equal(t, v, &back)
	}
}

func TestStoredVocabularyIsNotTrusted(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"line"}`:                                  `unknown kind "line"`,
		`{"kind":"char"}`:                                  "there is no symbol",
		`{"kind":"char","symbols":["b","a"]}`:              "order of code points",
		`{"kind":"char","symbols":["a","a"]}`:              "order of code points",
		`{"kind":"char","symbols":["ab"]}`:                 `"ab" is not one char`,
		`{"kind":"char","symbols":[""]}`:                   `"" is not one char`,
		`{"kind":"char","open":true,"symbols":["b","b"]}`:  `two symbols are "b"`,
		`{"kind":"word","symbols":["a"]}`:                  "is open",
		`{"kind":"word","open":true,"symbols":["A"]}`:      `"A" is not one word`,
		`{"kind":"word","open":true,"symbols":["a b"]}`:    `"a b" is not one word`,
		`{"kind":"word","open":true,"symbols":[" "]}`:      `" " is not one word`,
		`{"kind":"byte","symbols":["a"]}`:                  "no symbols of its own",
		`{"kind":"char","symbols":7}`:                      "cannot unmarshal",
		`{"kind":"word","open":true,"symbols":["a","b,"]}`: `"b," is not one word`,
	} {
		var v Vocabulary
		assert.ErrorContains(t, json.Unmarshal([]byte(text), &v), want, text)
	}
	many := make([]string, maxSymbols+1)
	for i := range many {
		many[i] = "a"
	}
	_, err := NewVocabulary(Chars, true, many)
	assert.ErrorContains(t, err, "too many")
}

func TestDifferenceOfVocabularies(t *testing.T) {
	of := func(kind Tokens, open bool, symbols ...string) *Vocabulary {
		v, err := NewVocabulary(kind, open, symbols)
		require.NoError(t, err)
		return v
	}
	ab := of(Chars, false, "\n", "a", "b")
	assert.Empty(t, ab.Difference(of(Chars, false, "\n", "a", "b")))
	assert.Equal(t, `only the first has \n, only the second has c`, ab.Difference(of(Chars, false, "a", "b", "c")))
	assert.Equal(t, "only the second has a space", ab.Difference(of(Chars, false, "\n", " ", "a", "b")))
	assert.Equal(t, "one is of chars, the other of bytes", ab.Difference(of(Bytes, false)))
	assert.Equal(t, "one has integers for padding and the unknown, the other has not", ab.Difference(of(Chars, true, "\n", "a", "b")))
	assert.Equal(t, "their symbols are the same, in another order", of(Chars, true, "a", "b").Difference(of(Chars, true, "b", "a")))
}

func FuzzVocabulary(f *testing.F) {
	f.Add("Hello, wörld’s 世界 \xff", `{"kind":"word","open":true,"symbols":["a"]}`)
	f.Fuzz(func(t *testing.T, text, stored string) {
		for _, kind := range []Tokens{Chars, Bytes, Words} {
			n := NewSymbolCount(kind)
			n.Add(text)
			v, err := n.OpenOf(1 << 16)
			require.NoError(t, err)
			ids, err := v.Encode(nil, text)
			require.NoError(t, err)
			for _, id := range ids {
				require.True(t, id == UnknownID || id >= reserved && int(id) < v.Size())
			}
			v.Decode(ids)
		}
		var v Vocabulary
		if json.Unmarshal([]byte(stored), &v) == nil {
			_, err := v.Encode(nil, text)
			require.True(t, err == nil || !v.Open())
		}
	})
}

// A message lists as many symbols as a line bears, and says how many it leaves out.
func TestListOfSymbols(t *testing.T) {
	list := func(text string) string {
		n := NewSymbolCount(Chars)
		n.Add(text)
		v, err := n.Closed()
		require.NoError(t, err)
		return v.List()
	}
	assert.Equal(t, `\nab`, list("ab\nba"))
	var many strings.Builder
	for r := 'Ā'; r < 'Ā'+200; r++ { // of two bytes each
		many.WriteRune(r)
	}
	assert.Equal(t, string([]rune(many.String())[:80])+" … and 120 more", list(many.String()))
}
