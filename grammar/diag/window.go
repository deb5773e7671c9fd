package diag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	widest   = 100 // columns of a terminal that are used for a line of the text
	leadIn   = 30  // columns in front of the place, where a line is cut
	tabWidth = 4
)

// window is the part of a line that is shown.
type window struct {
	cells       []cell
	firstCol    int  // of the text, from 1: the column of the first cell
	cutL, cutR  bool // there is more of the line
	fromFarLeft int  // columns of the terminal that the mark of the cut takes
}

// cell is one character as it is shown.
type cell struct {
	text  string
	width int
}

// around returns the part of a line that shows the start of a span: the whole
// line if it is short.
func (t *text) around(s Span) window {
	line := t.line(s.Start.Line)
	w := window{firstCol: 1}
	if cells, rest := take(line, widest); len(rest) == 0 {
		w.cells = cells
		return w
	}
	first := max(1, s.Start.Col-leadIn)
	if first > 1 {
		line, first = skip(line, first)
		w.cutL = true
		w.fromFarLeft = 1
	}
	w.firstCol = first
	var rest []byte
	w.cells, rest = take(line, widest)
	w.cutR = len(rest) > 0
	return w
}

// String returns the window's text, with an ellipsis where the line is cut.
func (w window) String() string {
	var b strings.Builder
	if w.cutL {
		b.WriteString("…")
	}
	for _, c := range w.cells {
		b.WriteString(c.text)
	}
	if w.cutR {
		b.WriteString("…")
	}
	return b.String()
}

// holds reports whether a column of the text is in the window, its end included.
func (w window) holds(col int) bool {
	if !w.cutL && !w.cutR {
		return true
	}
	return w.firstCol <= col && col < w.firstCol+len(w.cells)
}

// under returns where on the terminal a span is: columns in front of it, and its
// length, at least 1. What goes beyond the line or the window is cut off.
func (w window) under(s Span) (indent, length int) {
	from := min(max(s.Start.Col-w.firstCol, 0), len(w.cells))
	to := len(w.cells)
	if s.End.Line <= s.Start.Line {
		to = min(max(s.End.Col-w.firstCol, from), len(w.cells))
	}
	indent = w.fromFarLeft
	for _, c := range w.cells[:from] {
		indent += c.width
	}
	for _, c := range w.cells[from:to] {
		length += c.width
	}
	return indent, max(length, 1)
}

// take returns the characters at the start of a line that fit into a number of
// the terminal's columns, and the rest of the line.
func take(line []byte, columns int) (cells []cell, rest []byte) {
	marks := 0 // combining marks in a row
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		c := show(r, size, line[0], marks)
		if c.width == 0 {
			marks++
		} else {
			marks = 0
		}
		if c.width > columns {
			return cells, line
		}
		columns -= c.width
		cells = append(cells, c)
		line = line[size:]
	}
	return cells, nil
}

// skip leaves out what is in front of a column. It returns the rest of the line and
// the column where that starts: less than asked for if the line is too short.
func skip(line []byte, col int) ([]byte, int) {
	at, offset := 1, 0
	for at < col && offset < len(line) {
		size := 1
		if line[offset] >= utf8.RuneSelf { // rare, and dear on a line of a megabyte
			_, size = utf8.DecodeRune(line[offset:])
		}
		offset += size
		at++
	}
	return line[offset:], at
}

// show returns the form in which a character can be printed. Nothing in a text
// can be trusted: it might hold commands to the terminal, or marks in such
// numbers that they cover the lines around.
func show(r rune, size int, first byte, marks int) cell {
	const mostMarks = 3
	switch {
	case r == '\t':
		return cell{strings.Repeat(" ", tabWidth), tabWidth}
	case r == utf8.RuneError && size == 1:
		const hex = "0123456789ABCDEF"
		return cell{"<" + string(hex[first>>4]) + string(hex[first&15]) + ">", 4}
	case unseen(r):
		s := number(r)
		return cell{s, len(s)}
	case unicode.In(r, unicode.Mn, unicode.Me):
		if marks >= mostMarks {
			s := number(r)
			return cell{s, len(s)}
		}
		return cell{string(r), 0}
	case unicode.Is(wide, r):
		return cell{string(r), 2}
	}
	return cell{string(r), 1}
}

// wide is the characters that take two columns of a terminal: the blocks that Unicode's
// EastAsianWidth gives W or F almost throughout.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, // Hangul Jamo, leading consonants
		{0x2e80, 0x303e, 1}, // CJK radicals to CJK punctuation
		{0x3041, 0x33ff, 1}, // kana to CJK compatibility
		{0x3400, 0x4dbf, 1}, // CJK extension A
		{0x4e00, 0x9fff, 1}, // CJK unified ideographs
		{0xa000, 0xa4cf, 1}, // Yi
		{0xac00, 0xd7a3, 1}, // Hangul syllables
		{0xf900, 0xfaff, 1}, // CJK compatibility ideographs
		{0xfe30, 0xfe6f, 1}, // CJK compatibility forms
		{0xff01, 0xff60, 1}, // fullwidth forms
		{0xffe0, 0xffe6, 1}, // fullwidth signs
	},
	R32: []unicode.Range32{
		{0x1f300, 0x1f64f, 1}, // pictographs, emoticons
		{0x1f680, 0x1f6ff, 1}, // transport
		{0x1f900, 0x1f9ff, 1}, // supplemental pictographs
		{0x20000, 0x3fffd, 1}, // CJK extensions B and on
	},
}
