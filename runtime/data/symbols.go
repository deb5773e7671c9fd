package data

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tokens says what the symbols of a text are.
type Tokens string

// The kinds of symbols.
const (
	Chars Tokens = "char" // Unicode code points
	Bytes Tokens = "byte" // the bytes of UTF-8, or of anything else
	Words Tokens = "word" // words in lower case, and marks of punctuation
)

// Noun is what people call a symbol of the kind.
func (k Tokens) Noun() string {
	switch k {
	case Chars:
		return "character"
	case Bytes:
		return "byte"
	}
	return "word"
}

// Plain is a text of characters as it is wherever it was checked out: without a byte order mark, and with LF alone where
// lines end with CR LF.
func Plain(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "\uFEFF"), "\r\n", "\n")
}

// maxWord bounds a word, in code points: what is longer, such as a line of base64, becomes several.
const maxWord = 64

// Of yields the symbols of a text in order, each with the byte of the text at which it begins.
//
// Words are divided by this rule, the same for every language: letters, combining marks and digits that stand together
// are a word, in lower case, as is an apostrophe between two of them (don't; ’ is taken as '). Spaces, ends of lines and
// what does not print divide words and are no symbols. Every other character is a symbol of its own: marks of
// punctuation, signs, emoji. So is every character of Chinese and Japanese, which write no spaces. A word ends after 64
// characters.
func (k Tokens) Of(text string) iter.Seq2[int, string] {
	switch k {
	case Bytes:
		return func(yield func(int, string) bool) {
			for i := range len(text) {
				if !yield(i, text[i:i+1]) {
					return
				}
			}
		}
	case Words:
		return func(yield func(int, string) bool) { words(text, yield) }
	}
	return func(yield func(int, string) bool) {
		for i, w := 0, 0; i < len(text); i += w {
			if _, w = utf8.DecodeRuneInString(text[i:]); !yield(i, text[i:i+w]) {
				return
			}
		}
	}
}

// Count is the number of symbols of a text.
func (k Tokens) Count(text string) int {
	switch k {
	case Bytes:
		return len(text)
	case Chars:
		return utf8.RuneCountInString(text)
	}
	n := 0
	for range k.Of(text) {
		n++
	}
	return n
}

// words yields the words of a text.
func words(text string, yield func(int, string) bool) {
	for at := 0; at < len(text); {
		r, w := utf8.DecodeRuneInString(text[at:])
		end := at + w
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			at = end
			continue
		case inWord(r):
			end = wordEnd(text, at)
		}
		if !yield(at, folded(text[at:end])) {
			return
		}
		at = end
	}
}

// wordEnd is where the word ends that begins at.
func wordEnd(text string, at int) int {
	for n := 0; n < maxWord && at < len(text); n++ {
		r, w := utf8.DecodeRuneInString(text[at:])
		switch {
		case inWord(r):
		case n > 0 && n < maxWord-1 && isApostrophe(r): // with room for the letter behind it
			if next, _ := utf8.DecodeRuneInString(text[at+w:]); !inWord(next) {
				return at
			}
		default:
			return at
		}
		at += w
	}
	return at
}

// inWord reports whether a character makes words with its neighbours.
func inWord(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

// folded is a word as the vocabulary writes it.
func folded(word string) string {
	return strings.ReplaceAll(strings.ToLower(word), "’", "'")
}
