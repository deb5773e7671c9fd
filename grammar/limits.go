package grammar

import (
	"bytes"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// What a spec may be at most. The limits hold before anything is parsed: the
// parser library calls itself for every bracket without counting, and a stack
// that overflows ends the process.
const (
	maxSize        = 1 << 20 // bytes
	maxDepth       = 64      // brackets and braces within one another
	maxTokens      = 100_000 // words, signs, ends of statements and comments
	maxStatements  = 10_000  // in the text
	maxStatement   = 5_000   // words and signs of one statement, without its body
	maxTokenLength = 1000    // bytes of one word, number or text
	maxMistakes    = 100     // syntax errors in one report
)

const bom = "\ufeff"

// check refuses what is no text, before anything is read from it. It returns the
// position of the first character, behind a byte order mark if there is one.
func check(r *report, src []byte) (start lexer.Position, ok bool) {
	start = lexer.Position{Line: 1, Column: 1}
	if len(src) > maxSize {
		r.add(diag.LimitExceeded, diag.Span{}, "the spec has %d bytes, more than %d", len(src), maxSize)
		return start, false
	}
	if bytes.HasPrefix(src, []byte{0xff, 0xfe}) || bytes.HasPrefix(src, []byte{0xfe, 0xff}) {
		r.add(diag.NotText, pointAt(start), "the file is UTF-16, not UTF-8").
			Help = "save it as UTF-8"
		return start, false
	}
	if bytes.HasPrefix(src, []byte(bom)) {
		start.Offset = len(bom)
	}
	at := start
	for at.Offset < len(src) {
		c, size := rune(src[at.Offset]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRune(src[at.Offset:])
		}
		next := at
		next.Offset += size
		next.Column++
		switch {
		case c == utf8.RuneError && size == 1:
			r.add(diag.NotText, between(at, next), "the file is not UTF-8: byte 0x%02X does not belong here", src[at.Offset]).
				Help = "save it as UTF-8"
			return start, false
		case c == '\n':
			next.Line++
			next.Column = 1
		case c == '\r' && next.Offset < len(src) && src[next.Offset] == '\n':
		case c == '\t':
		case diag.Hostile(c):
			r.add(diag.NotText, between(at, next), "the character U+%04X is not allowed in a spec", c).
				Help = hostileHelp(c)
			return start, false
		}
		at = next
	}
	return start, true
}

func hostileHelp(c rune) string {
	switch {
	case c == '\r':
		return "lines end with LF or CR LF"
	case c == 0:
		return "the file looks like binary data"
	case c < ' ' || 0x7f <= c && c < 0xa0:
		return "remove the control character"
	}
	return "remove it: the text would not look like what it means"
}

// report collects the mistakes in one file.
type report struct {
	file string
	list diag.List
}

// add adds a mistake and returns it, so that the caller can add more to it.
// After too many it adds that there are more, and drops the others.
func (r *report) add(code string, span diag.Span, format string, args ...any) *diag.Diagnostic {
	if r.full() {
		return new(diag.Diagnostic)
	}
	if len(r.list) == maxMistakes {
		format, args = "more than %d mistakes; the others are not shown", []any{maxMistakes}
		code = diag.LimitExceeded
	}
	r.list = append(r.list, diag.New(code, r.file, span, format, args...))
	if r.full() {
		return new(diag.Diagnostic)
	}
	return &r.list[len(r.list)-1]
}

func (r *report) full() bool { return len(r.list) > maxMistakes }

// place returns a position in the form of diagnostics.
func place(p lexer.Position) diag.Pos {
	return diag.Pos{Offset: p.Offset, Line: p.Line, Col: p.Column}
}

func between(start, end lexer.Position) diag.Span {
	return diag.Span{Start: place(start), End: place(end)}
}

// pointAt is the empty span in front of a character.
func pointAt(p lexer.Position) diag.Span { return between(p, p) }

// spanOf is where a token stands. No token reaches over the end of its line.
func spanOf(t lexer.Token) diag.Span {
	end := t.Pos
	end.Offset += len(t.Value)
	end.Column += utf8.RuneCountInString(t.Value)
	return between(t.Pos, end)
}

// spanOver is where a run of tokens stands.
func spanOver(tokens []lexer.Token) diag.Span {
	if len(tokens) == 0 {
		return diag.Span{}
	}
	return spanOf(tokens[0]).Join(spanOf(tokens[len(tokens)-1]))
}
