package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// RenderJSON writes the findings for programs: a JSON object per finding, each
// on a line of its own, with the same seven fields in all of them.
// docs/errors.md describes these.
//
// What is meant for people, messages and help, has characters that could
// attack a terminal in the escaped form of Render. The file's name is exact.
func RenderJSON(w io.Writer, list List) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // `784->128` shall be legible
	for _, d := range list {
		if err := encoder.Encode(newFinding(d)); err != nil {
			panic(err) // these types can always be encoded
		}
	}
	w.Write(visible(out.Bytes())) // a failing writer has nobody to be told
}

// finding is a Diagnostic as its JSON. A nil pointer is null: the finding has none.
type finding struct {
	File     *string  `json:"file"`
	Severity string   `json:"severity"`
	Code     *string  `json:"code"`
	Message  string   `json:"message"`
	Span     *extent  `json:"span"`
	Notes    []remark `json:"notes"`
	Help     *string  `json:"help"`
}

type remark struct {
	Message string  `json:"message"`
	Span    *extent `json:"span"`
}

type extent struct {
	Start place `json:"start"`
	End   place `json:"end"`
}

type place struct {
	Line   int `json:"line"`
	Col    int `json:"col"`
	Offset int `json:"offset"`
}

func newFinding(d Diagnostic) finding {
	f := finding{
		File:     present(d.File),
		Severity: d.Severity.String(),
		Code:     present(d.Code),
		Message:  escapeLines(d.Summary),
		Span:     newExtent(d.Span),
		Notes:    []remark{},
		Help:     present(escapeLines(d.Help)),
	}
	for _, n := range d.Notes {
		f.Notes = append(f.Notes, remark{Message: escapeLines(n.Text), Span: newExtent(n.Span)})
	}
	return f
}

func present(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func newExtent(s Span) *extent {
	if !s.IsValid() {
		return nil
	}
	return &extent{
		Start: place{Line: s.Start.Line, Col: s.Start.Col, Offset: s.Start.Offset},
		End:   place{Line: s.End.Line, Col: s.End.Col, Offset: s.End.Offset},
	}
}

// visible escapes what is unseen in lines of JSON. Beyond ASCII, JSON has characters in strings only, where \u
// stands for any of them.
func visible(lines []byte) []byte {
	var out []byte
	for _, r := range string(lines) {
		switch {
		case r == '\n' || !unseen(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// RenderGitHub writes the findings as commands to GitHub's workflow runner,
// which shows them beside the lines that they speak of:
//
//	::error file=digits.nn,line=6,col=8,endLine=6,endColumn=11,title=NN021::linear 784->128 takes…%0Ahelp: …
//
// Notes and help follow the message on lines of their own. The form and what
// has to be escaped in it are those of the runner's ActionCommand.cs.
func RenderGitHub(w io.Writer, list List) {
	var out bytes.Buffer
	for _, d := range list {
		fmt.Fprintf(&out, "::%s", command(d.Severity))
		for i, p := range properties(d) {
			separator := ","
			if i == 0 {
				separator = " "
			}
			out.WriteString(separator + p.name + "=" + escapeProperty.Replace(escape(p.value)))
		}
		fmt.Fprintf(&out, "::%s\n", escapeData.Replace(message(d)))
	}
	w.Write(out.Bytes()) // a failing writer has nobody to be told
}

// What the runner takes for the end of a line, and in a property also for the end of it or of all of them.
var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// command is the runner's word for a severity.
func command(s Severity) string {
	if s == Remark {
		return "notice"
	}
	return s.String()
}

type property struct{ name, value string }

// properties are where a finding stands, and its code. The runner takes no
// columns of a span over several lines.
func properties(d Diagnostic) []property {
	var list []property
	add := func(name string, value any) { list = append(list, property{name, fmt.Sprint(value)}) }
	if d.File != "" {
		add("file", d.File)
	}
	if start, end := d.Span.Start, d.Span.End; d.Span.IsValid() && end.Line > start.Line {
		add("line", start.Line)
		add("endLine", end.Line)
	} else if d.Span.IsValid() {
		add("line", start.Line)
		add("col", start.Col)
		add("endLine", start.Line)
		add("endColumn", max(start.Col, end.Col))
	}
	if d.Code != "" {
		add("title", d.Code)
	}
	return list
}

// message is all of a finding that a person reads.
func message(d Diagnostic) string {
	var b strings.Builder
	b.WriteString(escapeLines(d.Summary))
	for _, n := range d.Notes {
		b.WriteString("\nnote: ")
		if n.Span.IsValid() {
			b.WriteString(n.Span.Start.String() + ": ")
		}
		b.WriteString(escapeLines(n.Text))
	}
	if d.Help != "" {
		b.WriteString("\nhelp: " + escapeLines(d.Help))
	}
	return b.String()
}

// escapeLines makes a text of several lines safe to print.
func escapeLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = escape(line)
	}
	return strings.Join(lines, "\n")
}
