// Package diag holds what is told to the user about a mistake in a spec.
//
// In come findings with their places in the text; out comes the text that a
// person reads on standard error. It must not know the language, the grammar
// or any stage of the compiler: whoever finds a mistake words it.
package diag

import (
	"fmt"
	"sort"
	"strings"
)

// Pos is a place in a text. The zero Pos means "nowhere in particular", for
// example the file as a whole.
type Pos struct {
	Offset int // bytes from the start of the file, from 0
	Line   int // from 1
	Col    int // in characters (runes), from 1
}

// IsValid reports whether p is a place in a text.
func (p Pos) IsValid() bool { return p.Line > 0 && p.Col > 0 }

// String returns "line:col", or "-" for no place.
func (p Pos) String() string {
	if !p.IsValid() {
		return "-"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Col)
}

// Span is the text from Start up to, not including, End.
type Span struct {
	Start, End Pos
}

// IsValid reports whether s starts at a place in a text.
func (s Span) IsValid() bool { return s.Start.IsValid() }

// String returns "line:col-line:col".
func (s Span) String() string { return s.Start.String() + "-" + s.End.String() }

// Join returns the smallest span that holds s and t; an invalid one is ignored.
func (s Span) Join(t Span) Span {
	if !s.IsValid() {
		return t
	}
	if !t.IsValid() {
		return s
	}
	if t.Start.Offset < s.Start.Offset {
		s.Start = t.Start
	}
	if t.End.Offset > s.End.Offset {
		s.End = t.End
	}
	return s
}

// Note is a second place that explains a mistake, and what is to be seen there.
type Note struct {
	Span Span
	Text string
}

// Severity is how bad a finding is: an error stops the compilation.
type Severity int

const (
	Error   Severity = iota // nothing is compiled
	Warning                 // the spec means something, probably not what was wanted
	Remark                  // nothing is wrong: a command says what it does
)

// String returns "error", "warning" or "note".
func (s Severity) String() string { return [...]string{"error", "warning", "note"}[s] }

// Diagnostic is one finding: what (Summary), where (File, Span), why (Notes)
// and what to do (Help).
type Diagnostic struct {
	Code     string // one of Codes, such as "NN021"
	Severity Severity
	File     string
	Span     Span
	Summary  string // one line
	Notes    []Note
	Help     string // may have several lines, or none
}

// New makes a diagnostic of a registered code, with the severity that the code
// has in Codes. It panics on a code that is not registered: that is a fault of
// the compiler and no user's mistake.
func New(code, file string, span Span, format string, args ...any) Diagnostic {
	entry, ok := Lookup(code)
	if !ok {
		panic("diag: code " + code + " is not registered")
	}
	return Diagnostic{
		Code:     code,
		Severity: entry.Severity,
		File:     file,
		Span:     span,
		Summary:  fmt.Sprintf(format, args...),
	}
}

// WithNote returns d with one more note.
func (d Diagnostic) WithNote(span Span, format string, args ...any) Diagnostic {
	d.Notes = append(d.Notes[:len(d.Notes):len(d.Notes)], Note{Span: span, Text: fmt.Sprintf(format, args...)})
	return d
}

// WithHelp returns d with a help text.
func (d Diagnostic) WithHelp(format string, args ...any) Diagnostic {
	d.Help = fmt.Sprintf(format, args...)
	return d
}

// String returns the one line "file:line:col: error[NN021]: summary". Characters
// that could attack a terminal are escaped.
func (d Diagnostic) String() string {
	return d.place() + ": " + d.Severity.String() + "[" + d.Code + "]: " + escape(d.Summary)
}

func (d Diagnostic) place() string {
	file := escape(d.File)
	switch {
	case !d.Span.IsValid() && file == "":
		return "-"
	case !d.Span.IsValid():
		return file
	case file == "":
		return d.Span.Start.String()
	}
	return file + ":" + d.Span.Start.String()
}

// List is the findings of one run. It is an error whose text has one line per
// finding; use Err to get a nil error from a list without errors.
type List []Diagnostic

// Error returns one line per finding.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Sort orders the findings by file and position; those at one place keep
// their order.
func (l List) Sort() {
	sort.SliceStable(l, func(i, j int) bool {
		a, b := l[i], l[j]
		if a.File != b.File {
			return a.File < b.File
		}
		p, q := a.Span.Start, b.Span.Start
		if p.Line != q.Line {
			return p.Line < q.Line
		}
		return p.Col < q.Col
	})
}

// HasErrors reports whether a finding stops the compilation.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// Err returns l as an error if it holds one, else nil: warnings are no error.
func (l List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	return l
}
