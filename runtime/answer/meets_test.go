package answer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Expected are the results of the rules in Python: lower, the characters of string.punctuation, \b(a|an|the)\b, split.
func TestMeets(t *testing.T) {
	for _, c := range []struct {
		a, b, words string
		exact       bool
		f1          float64
	}{
		{"The North Sea", "north sea", "north sea", true, 1},
		{"a an the", "", "", true, 0},
		{"the-end", "theend", "theend", true, 1},
		{"“the”end", "end", "“ ”end", false, 0},
		{"“the” end", "“” end", "“ ” end", false, 0.4},
		{"été a été", "ete", "été été", false, 0},
		{"ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς", "ὀδυσσεύς", true, 1},
		{"ΟΔΟΣ ΣΟΦΟΣ.", "οδος σοφος", "οδος σοφος", true, 1},
		{"Σ", "σ", "σ", true, 1},
		{"ΑΣ'", "ας", "ας", true, 1},
		{"ΑΣ'Α", "ασα", "ασα", true, 1},
		{"İstanbul", "i\u0307stanbul", "i\u0307stanbul", true, 1},
		{"İstanbul", "istanbul", "i\u0307stanbul", false, 0},
		{"x\x1cy", "x y", "x y", true, 1},
		{"x\u00a0y\u3000z", "x y z", "x y z", true, 1},
		{"a\u0301b", "áb", "\u0301b", false, 0},
		{"a²", "a2", "a²", false, 0},
		{"the_a", "thea", "thea", true, 1},
		{"a_b", "a b", "ab", false, 0},
		{"四 a 川", "四川", "四 川", false, 0},
		{"a四", "四", "a四", false, 0},
		{"one two two three", "two two one", "one two two three", false, 6. / 7},
		{"one two", "two one", "one two", false, 1},
		{"a…the", "…", "…", true, 1},
		{"O'Neill's", "oneills", "oneills", true, 1},
		{"Ǆ", "ǆ", "ǆ", true, 1},
		{"ẞ", "ß", "ß", true, 1},
		{"", "", "", true, 0},
	} {
		assert.Equal(t, c.words, strings.Join(words(c.a), " "), "%q", c.a)
		assert.Equal(t, c.exact, ExactMatch(c.a, c.b), "%q, %q", c.a, c.b)
		assert.InDelta(t, c.f1, F1(c.a, c.b), 1e-15, "%q, %q", c.a, c.b)
		assert.InDelta(t, c.f1, F1(c.b, c.a), 1e-15, "%q, %q", c.b, c.a)
	}
}

// Of several true answers the best counts, for each of the two by itself.
func TestJudge(t *testing.T) {
	exact, f1 := Judge("the red fox", []string{"dog", "fox", "a red fox!"})
	assert.True(t, exact)
	assert.Equal(t, 1., f1)
	exact, f1 = Judge("a", []string{"the", "b"})
	assert.True(t, exact, "no word each")
	assert.Zero(t, f1)
	exact, f1 = Judge("red fox", []string{"dog", "fox"})
	assert.False(t, exact)
	assert.InDelta(t, 2./3, f1, 1e-15)
}

// Whatever texts say, an answer meets itself, and neither measure depends on the order of the two.
func FuzzMeets(f *testing.F) {
	f.Add("The ΣΑΣ' a\x1c\xff", "an İ")
	f.Fuzz(func(t *testing.T, a, b string) {
		assert.True(t, ExactMatch(a, a))
		assert.Equal(t, ExactMatch(a, b), ExactMatch(b, a))
		f1 := F1(a, b)
		assert.Equal(t, f1, F1(b, a))
		assert.True(t, f1 >= 0 && f1 <= 1)
		if len(words(a)) > 0 && ExactMatch(a, b) {
			assert.Equal(t, 1., f1)
		}
	})
}
