package data

import (
	"strings"
	"unicode/utf8"
)

// Decoder gives the text of integers one by one, as a model makes them.
type Decoder struct {
	v    *Vocabulary
	held []byte // the beginning of a character, of which bytes are to come
	last string // the symbol before; "": none
}

// Decoder begins a text.
func (v *Vocabulary) Decoder() *Decoder { return &Decoder{v: v} }

// Marks between which and a word no space stands: before a closing one, and after an opening one.
const (
	closing = ".,;:!?…)]}%"
	opening = "([{"
)

// Next is what an integer adds to the text: nothing, while a character's bytes are not all there. A byte that belongs to
// no character is U+FFFD, as is an unknown symbol; padding is nothing.
func (d *Decoder) Next(id int32) string {
	symbol := d.v.Symbol(id)
	switch {
	case symbol == "":
		return ""
	case d.v.kind == Bytes:
		return d.bytes(symbol)
	case d.v.kind != Words:
		return symbol
	}
	space := d.last != "" && !strings.Contains(opening, d.last) && !strings.Contains(closing, symbol)
	d.last = symbol
	if space {
		return " " + symbol
	}
	return symbol
}

// bytes adds to the bytes that are held and returns the characters that are whole.
func (d *Decoder) bytes(symbol string) string {
	d.held = append(d.held, symbol...)
	var b strings.Builder
	for len(d.held) > 0 && utf8.FullRune(d.held) {
		r, w := utf8.DecodeRune(d.held)
		b.WriteRune(r)
		d.held = d.held[w:]
	}
	return b.String()
}

// Rest ends the text: U+FFFD for the bytes of a character that is not whole.
func (d *Decoder) Rest() string {
	if len(d.held) == 0 {
		return ""
	}
	d.held = nil
	return string(utf8.RuneError)
}
