package wordpiece

import (
	"strings"
	"sync"
	"unicode/utf8"
)

//go:generate go run -C _fold . ../fold_table.go

// class is what a character is in a text.
type class uint8

const (
	letter class = iota // makes words with its neighbours
	gone
	space // divides words
	alone // is a word
)

// span is a run of characters of one class.
type span struct {
	from, to rune
	class    class
}

// character is what becomes of one: others, or itself where there is no text.
type character struct {
	class class
	text  string
}

// characters are all of Unicode: each character's place in a list of what becomes of them, in pages of 256.
type characters struct {
	page  [(utf8.MaxRune + 1) / pageSize]uint8
	pages [][pageSize]uint16
	list  []character
	ascii [utf8.RuneSelf]class
}

const pageSize = 256

// table is made of the generated lists when the first tokenizer is.
var table = sync.OnceValue(func() *characters {
	t := &characters{list: []character{{class: letter}, {class: gone}, {class: space}, {class: alone}}}
	places := make([]uint16, utf8.MaxRune+1)
	for _, s := range spans {
		for c := s.from; c <= s.to; c++ {
			places[c] = uint16(s.class)
		}
	}
	for entry := range strings.SplitSeq(strings.TrimSuffix(folded, " "), " ") {
		c, w := utf8.DecodeRuneInString(entry)
		t.list = append(t.list, character{class(places[c]), entry[w:]})
		places[c] = uint16(len(t.list) - 1)
	}
	seen := map[[pageSize]uint16]uint8{}
	for i := range t.page {
		page := [pageSize]uint16(places[i*pageSize:])
		at, ok := seen[page]
		if !ok {
			at = uint8(len(t.pages))
			seen[page] = at
			t.pages = append(t.pages, page)
		}
		t.page[i] = at
	}
	for c := range t.ascii {
		t.ascii[c] = t.of(rune(c)).class
	}
	return t
})

// of is what becomes of a character, Hangul aside.
func (t *characters) of(c rune) *character {
	return &t.list[t.pages[t.page[c/pageSize]][c%pageSize]]
}

// The syllables of Hangul, and the letters of which they are made: the first, the middle ones and, unless it is none,
// the last.
const (
	syllables, lastSyllable = 0xAC00, 0xD7A3

	firsts, middles, lasts = 0x1100, 0x1161, 0x11A7
	nMiddles, nLasts       = 21, 28
)

// appendFolded appends what becomes of a character that is in a word.
func (t *characters) appendFolded(dst []byte, c rune, of *character) []byte {
	switch {
	case c >= syllables && c <= lastSyllable:
		s := c - syllables
		dst = utf8.AppendRune(dst, firsts+s/(nMiddles*nLasts))
		dst = utf8.AppendRune(dst, middles+s%(nMiddles*nLasts)/nLasts)
		if last := s % nLasts; last > 0 {
			dst = utf8.AppendRune(dst, lasts+last)
		}
		return dst
	case of.text != "":
		return append(dst, of.text...)
	}
	return utf8.AppendRune(dst, c)
}
