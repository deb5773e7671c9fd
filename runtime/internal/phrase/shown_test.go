package phrase

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Nothing that data say can command a terminal.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"area":                   "area",
		"größe m²":               "größe m²",
		"a\x1b[2J":               "a<U+001B>[2J",
		"tab\there\r\n":          "tab<U+0009>here<U+000D><U+000A>",
		"\u202eright to left":    "<U+202E>right to left",
		"\u0085":                 "<U+0085>",
		"a\xffb":                 "a<FF>b",
		"�":                      "�",
		strings.Repeat("x", 1e5): strings.Repeat("x", 40) + "…",
	} {
		assert.Equal(t, want, Visible(text), "%q", text)
		if len(text) <= 40 {
			assert.Equal(t, want, Tame(text), "%q", text)
		}
	}
	assert.Equal(t, strings.Repeat("x", 1e5)+"<U+001B>", Tame(strings.Repeat("x", 1e5)+"\x1b"), "all of it")
	assert.Equal(t, "a, b<U+0000>", Listed([]string{"a", "b\x00"}))
}

// What an advice names can be pasted into a shell.
func TestShell(t *testing.T) {
	for name, want := range map[string]string{
		"price":               "price",
		"größe":               "größe",
		"distance to centre":  "'distance to centre'",
		"it's":                `'it'\''s'`,
		"a,b":                 `'a\,b'`,
		"$HOME":               "'$HOME'",
		"":                    "''",
		"bell\a and 'quotes'": `$'bell\a and \'quotes\''`,
	} {
		assert.Equal(t, want, Shell(name))
	}
	assert.Equal(t, "--drop 'a b'", Option("--drop", "a b"))
	assert.Equal(t, "--drop=-a", Option("--drop", "-a"), "no flag of its own")
}
