package diag

import (
	"embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

//go:embed explain/*.md
var pages embed.FS

// Page explains a code to a person who has just met it.
type Page struct {
	Entry
	Text         string // what the code means, why that is refused or warned of, and what to do: paragraphs
	Wrong, Right Example
}

// Example is a spec on a page.
type Example struct {
	Text    string // as it is shown
	escaped bool   // \xe9 in Text stands for the byte E9
}

// Explain returns the page of a code. There is none if the code is not registered.
func Explain(code string) (Page, bool) {
	entry, ok := Lookup(code)
	if !ok {
		return Page{}, false
	}
	name := "explain/" + code + ".md"
	text, err := pages.ReadFile(name)
	if err != nil {
		panic("diag: " + code + " has no page")
	}
	// A checkout may have turned the ends of lines.
	page, ok := parsePage(entry, strings.ReplaceAll(string(text), "\r\n", "\n"))
	if !ok {
		panic("diag: " + name + " does not have the form of a page")
	}
	return page, true
}

// pageForm is a page as it is written: a heading of code and title, paragraphs, and the two examples.
var pageForm = regexp.MustCompile("(?s)^# (NN[0-9]{3}): ([^\n]+)\n\n(.+?)\n\n" +
	"## Wrong\n\n```(nn|nn-escaped)\n(.*?)```\n\n" +
	"## Right\n\n```(nn|nn-escaped)\n(.*?)```\n$")

// parsePage reads a page; ok is false if it has another form, or is another code's.
func parsePage(entry Entry, text string) (page Page, ok bool) {
	m := pageForm.FindStringSubmatch(text)
	if m == nil || m[1] != entry.Code || m[2] != entry.Title {
		return Page{}, false
	}
	return Page{
		Entry: entry,
		Text:  m[3],
		Wrong: Example{Text: m[5], escaped: m[4] == "nn-escaped"},
		Right: Example{Text: m[7], escaped: m[6] == "nn-escaped"},
	}, true
}

// String returns the page as plain text.
func (p Page) String() string {
	return fmt.Sprintf("%s[%s]: %s\n\n%s\n\nWrong:\n\n%s\nRight:\n\n%s",
		p.Severity, p.Code, p.Title, p.Text, indented(p.Wrong.Text), indented(p.Right.Text))
}

// indented sets off the lines of an example.
func indented(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line != "\n" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// escapedByte is how an example shows a byte that cannot stand on a page.
var escapedByte = regexp.MustCompile(`\\x[0-9a-f]{2}`)

// Source returns the example as the file of a spec would hold it.
func (e Example) Source() []byte {
	if !e.escaped {
		return []byte(e.Text)
	}
	return escapedByte.ReplaceAllFunc([]byte(e.Text), func(escape []byte) []byte {
		b, err := strconv.ParseUint(string(escape[2:]), 16, 8)
		if err != nil {
			panic(err) // the expression lets nothing else through
		}
		return []byte{byte(b)}
	})
}
