package diag

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Render writes the findings as a person reads them: for each the line of
// Diagnostic.String, the lines of the text that it speaks of, in order of
// position, with carets under the place and dashes under the notes' places,
// and what to do about it.
//
//	digits.nn:6:8: error[NN021]: linear 784->128 takes 784 values, but 28 flow in here
//	  |
//	4 | input image[28, 28]
//	  |       ------------- 28×28 comes from here
//	6 | linear 784->128; relu
//	  |        ^^^
//	  |
//	help: put `flatten` before it
//
// Of very many only the first are shown, errors before warnings. src is the
// text of the file that all of them speak of; places that it does not have are
// left out. With color the output has the escape sequences of a
// terminal; whatever the spec may hold, it has no others.
func Render(w io.Writer, src []byte, list List, color bool) {
	out := bufio.NewWriter(w)
	defer out.Flush() // a failing writer has nobody to be told
	r := &renderer{out: out, text: newText(src), color: color}
	shown := legible(list)
	for i, d := range shown {
		if i > 0 {
			r.write("", "\n")
		}
		r.diagnostic(d)
	}
	if len(shown) < len(list) {
		r.write("", "\n")
		r.labelled("note: ", fmt.Sprintf("%d findings are shown, and there are more: correct these first", len(shown)))
	}
}

// mostShown is how many findings a person is shown at once.
const mostShown = 100

// legible leaves out what is too much to read: warnings first, so that they
// hide no error.
func legible(list List) List {
	if len(list) <= mostShown {
		return list
	}
	warnings := mostShown
	for _, d := range list {
		if d.Severity == Error {
			warnings = max(0, warnings-1)
		}
	}
	var shown List
	for _, d := range list {
		switch {
		case len(shown) == mostShown:
			return shown
		case d.Severity == Error:
			shown = append(shown, d)
		case warnings > 0:
			shown = append(shown, d)
			warnings--
		}
	}
	return shown
}

// The escape sequences of a terminal, by what they are used for.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
	cyan   = "\x1b[1;36m"
	plain  = "\x1b[0m"
)

type renderer struct {
	out   *bufio.Writer
	text  *text
	color bool
}

// mark is something to underline on one line.
type mark struct {
	span    Span
	text    string
	primary bool
}

func (r *renderer) write(style, s string) {
	if r.color && style != "" {
		s = style + s + plain
	}
	r.out.WriteString(s) // errors stay in the bufio.Writer
}

func (r *renderer) diagnostic(d Diagnostic) {
	strong := red
	if d.Severity == Warning {
		strong = yellow
	}
	r.write(bold, d.place()+": ")
	r.write(strong, d.Severity.String()+"["+d.Code+"]")
	r.write(bold, ": "+escape(d.Summary))
	r.write("", "\n")

	marks, unplaced := r.marks(d)
	if len(marks) > 0 {
		r.snippet(marks, strong, d.Help != "" || len(unplaced) > 0)
	}
	for _, note := range unplaced {
		r.labelled("note: ", note.Text)
	}
	if d.Help != "" {
		r.labelled("help: ", d.Help)
	}
}

// marks returns what is to be shown of the text, by line and column, and the
// notes that have no place in it.
func (r *renderer) marks(d Diagnostic) (marks []mark, unplaced []Note) {
	if r.text.has(d.Span.Start) {
		marks = append(marks, mark{span: d.Span, primary: true})
	}
	for _, n := range d.Notes {
		if r.text.has(n.Span.Start) {
			marks = append(marks, mark{span: n.Span, text: n.Text})
		} else {
			unplaced = append(unplaced, n)
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int {
		return cmp.Or(
			cmp.Compare(a.span.Start.Line, b.span.Start.Line),
			cmp.Compare(a.span.Start.Col, b.span.Start.Col),
		)
	})
	return marks, unplaced
}

func (r *renderer) snippet(marks []mark, strong string, more bool) {
	width := len(fmt.Sprint(marks[len(marks)-1].span.Start.Line))
	empty := strings.Repeat(" ", width) + " |"
	r.write(blue, empty)
	r.write("", "\n")
	var shown window
	for i, m := range marks {
		line := m.span.Start.Line
		if i == 0 || marks[i-1].span.Start.Line != line || !shown.holds(m.span.Start.Col) {
			shown = r.text.around(m.span)
			r.write(blue, fmt.Sprintf("%*d |", width, line))
			if s := strings.TrimRight(shown.String(), " "); s != "" {
				r.write("", " "+s)
			}
			r.write("", "\n")
		}
		indent, length := shown.under(m.span)
		r.write(blue, empty)
		r.write("", strings.Repeat(" ", indent+1))
		if m.primary {
			r.write(strong, strings.Repeat("^", length))
		} else {
			r.write(blue, strings.TrimRight(strings.Repeat("-", length)+" "+escape(m.text), " "))
		}
		r.write("", "\n")
	}
	if more {
		r.write(blue, empty)
		r.write("", "\n")
	}
}

// labelled writes a text of one or more lines behind a label, aligned.
func (r *renderer) labelled(label, s string) {
	for i, line := range strings.Split(s, "\n") {
		switch {
		case i == 0:
			r.write(cyan, label)
		case line != "":
			r.write("", strings.Repeat(" ", len(label)))
		}
		r.write("", escape(line)+"\n")
	}
}

// text is a file's text by lines.
type text struct {
	src    []byte
	starts []int // offset of each line
}

func newText(src []byte) *text {
	t := &text{src: src, starts: []int{0}}
	if bytes.HasPrefix(src, []byte("\ufeff")) {
		t.starts[0] = len("\ufeff") // no character of the first line
	}
	for i, c := range src {
		if c == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

func (t *text) has(p Pos) bool { return p.IsValid() && p.Line <= len(t.starts) }

// line returns a line's text without its end.
func (t *text) line(n int) []byte {
	rest := t.src[t.starts[n-1]:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = bytes.TrimSuffix(rest[:end], []byte("\r"))
	}
	return rest
}
