package grammar

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// number reads digits, optionally with a fraction and an exponent. Both sides
// of a point need digits, and no letter may follow.
func (s *scanner) number(rest string) {
	n := digits(rest, 0)
	switch {
	case n == 0: // .5
		n = digits(rest, 1)
		s.bad(n, "a number cannot start with a point").Help = "write `0" + clip(rest[:n]) + "`"
		return
	case n < len(rest) && rest[n] == '.':
		end := digits(rest, n+1)
		if end == n+1 && (end == len(rest) || !isWordByte(rest[end])) { // 1.
			s.bad(end, "a number cannot end with a point").
				Help = fmt.Sprintf("write `%s` or `%s.0`", clip(rest[:n]), clip(rest[:n]))
			return
		}
		n = end
	}
	if n < len(rest) && (rest[n] == 'e' || rest[n] == 'E') {
		exponent := n + 1
		if exponent < len(rest) && (rest[exponent] == '+' || rest[exponent] == '-') {
			exponent++
		}
		if end := digits(rest, exponent); end > exponent {
			n = end
		}
	}
	end := n
	for end < len(rest) && (isWordByte(rest[end]) || rest[end] == '.') {
		end++
	}
	if end > n {
		s.bad(end, "`%s` is neither a number nor a name", clip(rest[:end])).
			Help = "numbers look like `10`, `0.01` or `3e-5`; names start with a letter"
		return
	}
	s.push(numberToken, n)
}

// text reads a quoted text and checks its escapes.
func (s *scanner) text(rest string) {
	for n := 1; n < len(rest) && rest[n] != '\n'; n++ {
		switch rest[n] {
		case '"':
			s.push(stringToken, n+1)
			return
		case '\\':
			if n+1 == len(rest) || rest[n+1] == '\n' || rest[n+1] == '\r' {
				continue
			}
			if _, ok := escapes[rest[n+1]]; !ok {
				_, size := utf8.DecodeRuneInString(rest[n+1:])
				from := s.at
				from.Offset += n
				from.Column += utf8.RuneCountInString(rest[:n])
				to := from
				to.Offset += 1 + size
				to.Column += 2
				s.report.add(diag.SyntaxError, between(from, to), "unknown escape `%s`", rest[n:n+1+size]).
					Help = "the escapes are `\\\\`, `\\\"`, `\\n` and `\\t`"
				s.pushBad(closingQuote(rest, n))
				return
			}
			n++
		}
	}
	end := lineLength(rest)
	s.bad(end, "this text is never closed").Help = "end it with `\"` on the same line"
}

// escapes maps the letter behind a backslash to what the pair stands for.
var escapes = map[byte]byte{'\\': '\\', '"': '"', 'n': '\n', 't': '\t'}

// closingQuote returns the length of the quoted text at the start of rest, as far as
// the line goes; from is where to look for its end.
func closingQuote(rest string, from int) int {
	end := lineLength(rest)
	for n := from; n < end; n++ {
		switch rest[n] {
		case '"':
			return n + 1
		case '\\':
			n++
		}
	}
	return end
}

func lineLength(rest string) int {
	for n := 0; n < len(rest); n++ {
		if rest[n] == '\n' {
			if n > 0 && rest[n-1] == '\r' {
				return n - 1
			}
			return n
		}
	}
	return len(rest)
}

// unquote returns what a quoted text stands for; the scanner has checked it.
func unquote(quoted string) string {
	inner := quoted[1 : len(quoted)-1]
	if !strings.Contains(inner, `\`) {
		return inner
	}
	var b strings.Builder
	for i := 0; i < len(inner); i++ {
		c := inner[i]
		if c == '\\' {
			i++
			c = escapes[inner[i]]
		}
		b.WriteByte(c)
	}
	return b.String()
}

// digits returns the end of the digits that start at from.
func digits(s string, from int) int {
	for from < len(s) && isDigit(s[from]) {
		from++
	}
	return from
}
