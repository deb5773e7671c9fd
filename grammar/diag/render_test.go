package diag_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// on is the span of columns from up to, not including, to on one line.
func on(line, from, to int) diag.Span {
	return diag.Span{Start: diag.Pos{Line: line, Col: from}, End: diag.Pos{Line: line, Col: to}}
}

func render(src string, list ...diag.Diagnostic) string {
	var b bytes.Buffer
	diag.Render(&b, []byte(src), list, false)
	return b.String()
}

func syntax(span diag.Span) diag.Diagnostic {
	return diag.New(diag.SyntaxError, "a.nn", span, "wrong")
}

const header = "a.nn:1:1: error[NN001]: wrong\n"

func TestRender(t *testing.T) {
	digits := "// Digits.\nmodel Digits\n\ninput image[28, 28]\n\nlinear 784->128; relu\n"
	mismatch := diag.New(diag.SizeMismatch, "digits.nn", on(6, 8, 11), "linear 784->128 takes 784 values along the last axis, but 28 flow in here").
		WithNote(on(4, 7, 20), "28×28 comes from here").
		WithHelp("put `flatten` before it")
	big := strings.Repeat("\n", 99)

	for _, c := range []struct {
		name, src string
		list      diag.List
		want      string
	}{
		{"the form that the language promises", digits, diag.List{mismatch}, `
digits.nn:6:8: error[NN021]: linear 784->128 takes 784 values along the last axis, but 28 flow in here
  |
4 | input image[28, 28]
  |       ------------- 28×28 comes from here
6 | linear 784->128; relu
  |        ^^^
  |
help: put ` + "`flatten`" + ` before it
`},
		{"nothing", "", nil, "\n"},
		{"two", "a\nb", diag.List{syntax(on(1, 1, 2)), diag.New(diag.UnusedLabel, "a.nn", on(2, 1, 2), "unused")}, `
a.nn:1:1: error[NN001]: wrong
  |
1 | a
  | ^

a.nn:2:1: warning[NN033]: unused
  |
2 | b
  | ^
`},
		{"a note below, line numbers of two widths", strings.Repeat("\n", 8) + "first\nsecond",
			diag.List{diag.New(diag.SyntaxError, "a.nn", on(9, 1, 6), "wrong").WithNote(on(10, 1, 7), "because")}, `
a.nn:9:1: error[NN001]: wrong
   |
 9 | first
   | ^^^^^
10 | second
   | ------ because
`},
		{"notes on the same line", "add a b",
			diag.List{diag.New(diag.SyntaxError, "a.nn", on(1, 7, 8), "wrong").WithNote(on(1, 5, 6), "this one").WithNote(on(1, 1, 4), "")}, `
a.nn:1:7: error[NN001]: wrong
  |
1 | add a b
  | ---
  |     - this one
  |       ^
`},
		{"no place", "a", diag.List{diag.New(diag.LimitExceeded, "a.nn", diag.Span{}, "too big").WithHelp("one\ntwo")}, `
a.nn: error[NN003]: too big
help: one
      two
`},
		{"places that the text does not have", "a",
			diag.List{diag.New(diag.SyntaxError, "a.nn", on(7, 1, 2), "wrong").WithNote(on(8, 1, 2), "not here").WithNote(on(1, 1, 2), "here")}, `
a.nn:7:1: error[NN001]: wrong
  |
1 | a
  | - here
  |
note: not here
`},
		{"empty text", "", diag.List{syntax(on(1, 1, 1))}, `
` + header + `  |
1 |
  | ^
`},
		{"empty line", big + "x", diag.List{syntax(on(50, 1, 1))}, `
a.nn:50:1: error[NN001]: wrong
   |
50 |
   | ^
`},
		{"behind the end", "ab\n", diag.List{syntax(on(1, 3, 3)), syntax(on(2, 1, 1)), syntax(on(1, 90, 99))}, `
a.nn:1:3: error[NN001]: wrong
  |
1 | ab
  |   ^

a.nn:2:1: error[NN001]: wrong
  |
2 |
  | ^

a.nn:1:90: error[NN001]: wrong
  |
1 | ab
  |   ^
`},
		{"over several lines", "repeat {\na\n}", diag.List{syntax(diag.Span{Start: diag.Pos{Line: 1, Col: 8}, End: diag.Pos{Line: 3, Col: 2}})}, `
a.nn:1:8: error[NN001]: wrong
  |
1 | repeat {
  |        ^
`},
		{"an end before the start", "abc", diag.List{syntax(on(1, 2, 1))}, `
a.nn:1:2: error[NN001]: wrong
  |
1 | abc
  |  ^
`},
		{"tabs", "\ta\tb", diag.List{syntax(on(1, 3, 5))}, `
a.nn:1:3: error[NN001]: wrong
  |
1 |     a    b
  |      ^^^^^
`},
		{"CR LF and a byte order mark", "\ufeffab\r\ncd\r\n", diag.List{syntax(on(1, 2, 3)), syntax(on(2, 3, 3))}, `
a.nn:1:2: error[NN001]: wrong
  |
1 | ab
  |  ^

a.nn:2:3: error[NN001]: wrong
  |
2 | cd
  |   ^
`},
		{"wide and combining characters", "漢字e\u0301x", diag.List{syntax(on(1, 2, 3)), syntax(on(1, 5, 6))}, `
a.nn:1:2: error[NN001]: wrong
  |
1 | 漢字e` + "\u0301" + `x
  |   ^^

a.nn:1:5: error[NN001]: wrong
  |
1 | 漢字e` + "\u0301" + `x
  |      ^
`},
		{"what attacks a terminal", "a\x1b[2J\x00\u202eb\xff\u0085c", diag.List{syntax(on(1, 7, 8))}, `
a.nn:1:7: error[NN001]: wrong
  |
1 | a<U+001B>[2J<U+0000><U+202E>b<FF><U+0085>c
  |                     ^^^^^^^^
`},
		{"the same in messages", "a", diag.List{diag.New(diag.SyntaxError, "a\x1b.nn", on(1, 1, 2), "\u2066x\n").WithNote(on(1, 1, 2), "\a").WithHelp("\x9b\u200b")}, `
a<U+001B>.nn:1:1: error[NN001]: <U+2066>x<U+000A>
  |
1 | a
  | ^
  | - <U+0007>
  |
help: ` + "\ufffd" + `<U+200B>
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, "\n"+render(c.src, c.list...))
		})
	}
}

func TestRenderCutsLongLines(t *testing.T) {
	line := strings.Repeat("abcdefghij", 10_000)
	for _, col := range []int{1, 30, 31, 99, 101, 5004, 99_990, 100_000, 100_001} {
		list := diag.List{syntax(on(1, col, col+1)).WithNote(on(1, 50_001, 50_004), "far")}
		out := strings.Split(render(line, list...), "\n")
		shown, carets := out[2], out[3]
		if col > 50_001 {
			assert.Contains(t, out[3], "--- far")
			shown, carets = out[4], out[5]
		}
		for _, l := range out {
			assert.Less(t, utf8.RuneCountInString(l), 120)
		}
		at := utf8.RuneCountInString(carets[:strings.Index(carets, "^")])
		if col <= len(line) {
			assert.Equal(t, string(line[col-1]), string([]rune(shown)[at]), col)
		} else {
			assert.Equal(t, utf8.RuneCountInString(shown), at, col)
		}
	}
}

// Of very many findings the first are shown; warnings hide no error.
func TestRenderManyFindings(t *testing.T) {
	warning := diag.New(diag.UnusedLabel, "a.nn", on(1, 1, 2), "unused")
	counts := func(list diag.List) (errors, warnings int, more bool) {
		out := render("a", list...)
		return strings.Count(out, "error[NN001]"), strings.Count(out, "warning[NN033]"),
			strings.HasSuffix(out, "\n\nnote: 100 findings are shown, and there are more: correct these first\n")
	}
	for _, c := range []struct {
		warnings, errors           int
		shownErrors, shownWarnings int
		more                       bool
	}{
		{0, 100, 100, 0, false},
		{99, 1, 1, 99, false},
		{0, 101, 100, 0, true},
		{101, 0, 0, 100, true},
		{200, 1, 1, 99, true},
		{500, 200, 100, 0, true},
	} {
		list := slices.Concat(slices.Repeat(diag.List{warning}, c.warnings), slices.Repeat(diag.List{syntax(on(1, 1, 2))}, c.errors))
		errors, warnings, more := counts(list)
		assert.Equal(t, c.shownErrors, errors, "%+v", c)
		assert.Equal(t, c.shownWarnings, warnings, "%+v", c)
		assert.Equal(t, c.more, more, "%+v", c)
	}
}

func TestRenderLimitsCombiningMarks(t *testing.T) {
	out := render(strings.Repeat("\u0301", 1000), syntax(on(1, 1, 2)))
	assert.LessOrEqual(t, strings.Count(out, "\u0301"), 100)
	assert.Contains(t, out, "<U+0301>")
}

func TestRenderColor(t *testing.T) {
	list := diag.List{
		diag.New(diag.SyntaxError, "a.nn", on(1, 1, 2), "wrong").WithNote(on(2, 1, 2), "why").WithHelp("do"),
		diag.New(diag.UnusedLabel, "a.nn", on(2, 1, 2), "unused"),
	}
	var plain, color bytes.Buffer
	diag.Render(&plain, []byte("a\nb"), list, false)
	diag.Render(&color, []byte("a\nb"), list, true)
	assert.NotContains(t, plain.String(), "\x1b")
	assert.Contains(t, color.String(), "\x1b[1;31m^\x1b[0m")
	stripped := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(color.String(), "")
	assert.Equal(t, plain.String(), stripped)
}

func FuzzRender(f *testing.F) {
	f.Add("linear 784->128; relu\n", 1, 8, 1, 11, 1, 1)
	f.Add("a\t\x1b\xff\u202e漢\r\n", 1, 3, 2, 1, 9, 9)
	f.Add(strings.Repeat("x", 500), 1, 400, 1, 450, 1, 1)
	f.Add("", -1, 1<<30, 1<<30, -5, 0, 0)
	f.Fuzz(func(t *testing.T, src string, line, col, endLine, endCol, noteLine, noteCol int) {
		d := diag.New(diag.SyntaxError, src, diag.Span{
			Start: diag.Pos{Line: line, Col: col}, End: diag.Pos{Line: endLine, Col: endCol},
		}, "%s", src).WithNote(on(noteLine, noteCol, noteCol), "%s", src).WithHelp("%s", src)
		out := render(src, d)
		assert.True(t, utf8.ValidString(out))
		for _, r := range out {
			if r != '\n' && diag.Hostile(r) {
				t.Fatalf("U+%04X reached the output", r)
			}
		}
	})
}
