package grammar

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// The kinds of tokens. Comments are no tokens; they are kept apart.
const (
	identToken  lexer.TokenType = iota + 1 // [A-Za-z][A-Za-z0-9_]*
	numberToken                            // 10  0.01  3e-5
	stringToken                            // "…", with the quotes
	punctToken                             // : = , ( ) [ ] { } + * / ->
	minusToken                             // the `-` between two operands
	negToken                               // the `-` in front of one
	eolToken                               // newlines and semicolons
	badToken                               // has been reported
)

// definition tells the parser library which kinds of tokens there are. The
// tokens themselves are made by a scanner before the library sees anything.
type definition struct{}

func (definition) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Ident": identToken, "Number": numberToken, "String": stringToken,
		"Punct": punctToken, "Minus": minusToken, "Neg": negToken, "EOL": eolToken,
	}
}

func (definition) Lex(string, io.Reader) (lexer.Lexer, error) {
	return nil, errors.New("the text has to be scanned first")
}

// scanner turns a text into tokens and comments.
type scanner struct {
	report     *report
	src        string
	at         lexer.Position // of the next character
	blank      bool           // a blank, or the start of a line, is just before `at`
	braces     int            // how many `{` are open
	brackets   int            // how many `(` and `[` are open on this line
	tokens     []lexer.Token
	comments   []Comment
	statements int // begun so far
}

// scan reads a whole text that check has passed. It reports whether it came to the end of
// it: if not, a limit was exceeded and the tokens are not to be parsed.
func scan(r *report, src string, start lexer.Position) (*scanner, bool) {
	s := &scanner{report: r, src: src, at: start, blank: true}
	for s.at.Offset < len(s.src) {
		if !s.next() || r.full() {
			return s, false
		}
		if len(s.tokens)+len(s.comments) > maxTokens {
			r.add(diag.LimitExceeded, pointAt(s.at), "the spec has more than %d words and signs", maxTokens)
			return s, false
		}
		if s.statements > maxStatements {
			r.add(diag.LimitExceeded, pointAt(s.at), "the spec has more than %d statements", maxStatements)
			return s, false
		}
	}
	return s, true
}

// next reads one blank, comment or token. It reports whether to go on.
func (s *scanner) next() bool {
	rest := s.src[s.at.Offset:]
	c := rest[0]
	switch {
	case c == ' ' || c == '\t' || c == '\r':
		n := 1
		for n < len(rest) && (rest[n] == ' ' || rest[n] == '\t') {
			n++
		}
		s.advance(n)
		s.blank = true
		return true
	case c == '\n' || c == ';':
		s.endStatement(c)
		s.blank = true
		return true
	case len(rest) > 1 && c == '/' && rest[1] == '/':
		s.comment(rest)
		s.blank = true
		return true
	case isLetter(c):
		s.word(rest)
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]):
		s.number(rest)
	case c == '"':
		s.text(rest)
	case c == '-':
		s.minus(rest)
	default:
		if !s.sign(rest) {
			return false
		}
	}
	s.blank = false
	return true
}

// endStatement keeps one token for any number of newlines and semicolons.
func (s *scanner) endStatement(c byte) {
	s.brackets = 0 // brackets never reach over the end of a statement
	n := len(s.tokens)
	switch {
	case n == 0 || s.tokens[n-1].Type != eolToken:
		s.push(eolToken, 1)
	case c == '\n':
		s.tokens[n-1].Value = "\n"
		s.advance(1)
	default:
		s.advance(1)
	}
	if c == '\n' {
		s.at.Line++
		s.at.Column = 1
	}
}

func (s *scanner) comment(rest string) {
	n := 0
	for n < len(rest) && rest[n] != '\n' {
		n++
	}
	if n > 0 && rest[n-1] == '\r' {
		n--
	}
	last := len(s.tokens) - 1 // an end of a statement stands for those that follow it, and is "\n" if one of them is
	after := last >= 0 && s.tokens[last].Value != "\n" && (last > 0 || s.tokens[0].Type != eolToken)
	start := s.at
	s.advance(n)
	s.comments = append(s.comments, Comment{Text: rest[:n], After: after, Span: between(start, s.at)})
}

func (s *scanner) word(rest string) {
	n := 1
	for n < len(rest) && isWordByte(rest[n]) {
		n++
	}
	if n < len(rest) && rest[n] >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(rest[n:]); isForeignLetter(r) {
			s.foreignWord(rest)
			return
		}
	}
	if end := withPoints(rest, n); end > n {
		s.bad(end, "the name `%s` has points", clip(rest[:end])).Help = "names have no points; a pattern of names, or a metric of an output, stands in quotes"
		return
	}
	s.push(identToken, n)
}

// withPoints is where a name of n bytes ends if what stands behind points belongs to it, as in other languages.
func withPoints(rest string, n int) int {
	for n+1 < len(rest) && rest[n] == '.' && isLetter(rest[n+1]) {
		for n++; n < len(rest) && isWordByte(rest[n]); n++ {
		}
	}
	return n
}

// foreignWord refuses a name with letters beyond ASCII as a whole, so that it
// is one mistake and not one for every other letter.
func (s *scanner) foreignWord(rest string) {
	n := 0
	for n < len(rest) {
		r, size := utf8.DecodeRuneInString(rest[n:])
		if !isForeignLetter(r) && (r >= utf8.RuneSelf || !isWordByte(byte(r))) {
			break
		}
		n += size
	}
	s.bad(n, "the name `%s` has letters other than A–Z and a–z", clip(rest[:n])).
		Help = "names are made of the letters A–Z and a–z, digits and `_`"
}

// minus decides what a `-` is: an arrow, the sign of what follows, or a
// difference. Only outside of brackets can an argument follow an argument, so
// only there do blanks matter.
func (s *scanner) minus(rest string) {
	if len(rest) > 1 && rest[1] == '>' {
		s.push(punctToken, 2)
		return
	}
	tight := len(rest) > 1 && rest[1] != ' ' && rest[1] != '\t' && rest[1] != '\r' && rest[1] != '\n'
	switch {
	case !s.afterOperand(), s.brackets == 0 && s.blank && tight:
		s.push(negToken, 1)
	default:
		s.push(minusToken, 1)
	}
}

func (s *scanner) afterOperand() bool {
	if len(s.tokens) == 0 {
		return false
	}
	switch last := s.tokens[len(s.tokens)-1]; last.Type {
	case identToken, numberToken, stringToken, badToken:
		return true
	default:
		return last.Value == ")" || last.Value == "]"
	}
}

// sign reads a sign of one character, or refuses what nothing starts with.
// It reports whether to go on.
func (s *scanner) sign(rest string) bool {
	switch rest[0] {
	case ':', '=', ',', '+', '*', '/':
	case '(', '[':
		s.brackets++
	case ')', ']':
		s.brackets = max(0, s.brackets-1)
	case '{':
		s.braces++
	case '}':
		s.braces = max(0, s.braces-1)
		s.brackets = 0
	default:
		s.unexpected(rest)
		return true
	}
	if s.braces+s.brackets > maxDepth {
		s.report.add(diag.LimitExceeded, pointAt(s.at), "brackets are nested more than %d deep", maxDepth)
		return false
	}
	s.push(punctToken, 1)
	return true
}

// unexpected refuses a run of one character that belongs to no token.
func (s *scanner) unexpected(rest string) {
	first, size := utf8.DecodeRuneInString(rest)
	if isForeignLetter(first) {
		s.foreignWord(rest)
		return
	}
	n := size
	for n < len(rest) {
		r, _ := utf8.DecodeRuneInString(rest[n:])
		if r != first {
			break
		}
		n += size
	}
	what := "`" + string(first) + "`"
	if unicode.IsSpace(first) || !unicode.IsPrint(first) {
		what = fmt.Sprintf("U+%04X", first)
	}
	help := lookalikes[first]
	if share := s.percentage(); first == '%' && n == 1 && share != "" {
		help = fmt.Sprintf("write `%s`", share)
	}
	s.bad(n, "unexpected character %s", what).Help = help
}

// percentage is the number that was read last as a share of a hundred, as specs write it; empty if it is none.
func (s *scanner) percentage() string {
	if len(s.tokens) == 0 || s.tokens[len(s.tokens)-1].Type != numberToken {
		return ""
	}
	x, err := strconv.ParseFloat(s.tokens[len(s.tokens)-1].Value, 32)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(x/100, 'f', -1, 32)
}

// lookalikes are what to write instead of characters that come from other
// languages and from word processors.
var lookalikes = map[rune]string{
	'#':      "comments start with `//`",
	'\'':     "texts stand in double quotes: `\"…\"`",
	'“':      "texts stand in straight double quotes: `\"…\"`",
	'”':      "texts stand in straight double quotes: `\"…\"`",
	'.':      "names have no points; a number has digits on both sides of its point",
	'_':      "names start with a letter",
	'→':      "write `->`",
	'>':      "an arrow is `->`",
	'−':      "write `-`",
	'–':      "write `-`",
	'×':      "write `*`",
	'·':      "write `*`",
	'^':      "there are no powers; write the number",
	'\u00a0': "put an ordinary blank there",
}

func (s *scanner) push(kind lexer.TokenType, n int) {
	if n > maxTokenLength {
		s.bad(n, "this is longer than %d characters", maxTokenLength).Code = diag.LimitExceeded
		return
	}
	if kind != eolToken && s.src[s.at.Offset] != '}' && s.begins() {
		s.statements++
	}
	s.tokens = append(s.tokens, lexer.Token{Type: kind, Value: s.src[s.at.Offset : s.at.Offset+n], Pos: s.at})
	s.advance(n)
}

// begins reports whether the next token begins a statement.
func (s *scanner) begins() bool {
	if len(s.tokens) == 0 {
		return true
	}
	last := s.tokens[len(s.tokens)-1]
	return last.Type == eolToken || last.Value == "{"
}

// bad reports the next n bytes as a mistake.
func (s *scanner) bad(n int, format string, args ...any) *diag.Diagnostic {
	start := s.at
	s.pushBad(n)
	return s.report.add(diag.SyntaxError, between(start, s.at), format, args...)
}

// pushBad keeps a token for the next n bytes; a statement that has one is not parsed.
func (s *scanner) pushBad(n int) {
	s.tokens = append(s.tokens, lexer.Token{Type: badToken, Value: s.src[s.at.Offset : s.at.Offset+n], Pos: s.at})
	s.advance(n)
}

// advance moves over n bytes of one line.
func (s *scanner) advance(n int) {
	if n == 1 { // most of what there is, and always ASCII
		s.at.Column++
	} else {
		s.at.Column += utf8.RuneCountInString(s.src[s.at.Offset : s.at.Offset+n])
	}
	s.at.Offset += n
}

func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isLetter(c byte) bool   { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

func isForeignLetter(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

// clip shortens what is quoted in a message.
func clip(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
