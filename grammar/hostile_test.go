package grammar

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// hostile are texts that are made to cost much.
func hostile() []hostileText {
	const megabyte = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, megabyte/len(s)) }
	return []hostileText{
		{"too big", strings.Repeat("a", megabyte+1), diag.LimitExceeded, "bytes"},
		{"parentheses", fill("("), diag.LimitExceeded, "nested"},
		{"parentheses of a statement", "a " + strings.Repeat("(", megabyte-2), diag.LimitExceeded, "nested"},
		{"brackets", fill("["), diag.LimitExceeded, "nested"},
		{"braces", strings.Repeat("a{", 100_000), diag.LimitExceeded, "nested"},
		{"matched braces", strings.Repeat("a{", 100_000) + strings.Repeat("}", 100_000), diag.LimitExceeded, "nested"},
		{"braces on lines", strings.Repeat("a {\n", 100_000), diag.LimitExceeded, "nested"},
		{"closing braces", strings.Repeat("}", 90_000), diag.SyntaxError, "without"},
		{"a long word", strings.Repeat("a", 1_000_000), diag.LimitExceeded, "longer"},
		{"a long number", "a " + strings.Repeat("1", 1_000_000), diag.LimitExceeded, "longer"},
		{"a long text", `a "` + strings.Repeat("a", 1_000_000) + `"`, diag.LimitExceeded, "longer"},
		{"a text without an end", `a "` + strings.Repeat("a", 1_000_000), diag.SyntaxError, "never closed"},
		{"backslashes", `a "` + strings.Repeat(`\`, 1_000_000), diag.SyntaxError, "never closed"},
		{"a long line", fill("a "), diag.LimitExceeded, "words and signs"},
		{"a long sum", "a " + strings.Repeat("1+", 500_000), diag.LimitExceeded, "words and signs"},
		{"a long product of signs", "a 1" + strings.Repeat("*-1", 300_000), diag.LimitExceeded, "words and signs"},
		{"statements", fill("a\n"), diag.LimitExceeded, "statements"},
		{"statements in bodies", strings.Repeat("a { b }\n", 9_000), diag.LimitExceeded, "statements"},
		{"comments", fill("//\n"), diag.LimitExceeded, "words and signs"},
		{"mistakes", fill("@ #"), diag.SyntaxError, "unexpected character"},
		{"mistakes on lines", fill("@\n"), diag.SyntaxError, "unexpected character"},
		{"one mistake", fill("@"), diag.SyntaxError, "unexpected character"},
		{"foreign letters", fill("é"), diag.SyntaxError, "letters other"},
		{"wrong statements", strings.Repeat("1\n", 9_000), diag.SyntaxError, "starts with a word"},
		{"zeros", fill("\x00"), diag.NotText, "U+0000"},
		{"bytes", fill("\xff"), diag.NotText, "0xFF"},
		{"marks of direction", fill("\u202e"), diag.NotText, "U+202E"},
		{"a long statement", "a " + strings.Repeat("b ", 49_000) + "=", diag.LimitExceeded, "the statement"},
		{"a long wrong statement", "a " + strings.Repeat("b ", maxStatement-2) + "=", diag.SyntaxError, "after `b=`"},
		{"newlines", fill("\n"), diag.EmptySpec, ""},
		{"semicolons", fill(";"), diag.EmptySpec, ""},
		{"blanks", fill(" "), diag.EmptySpec, ""},
		{"one comment", "//" + strings.Repeat("x", megabyte-2), diag.EmptySpec, ""},
	}
}

type hostileText struct{ name, src, code, summary string }

func TestHostile(t *testing.T) {
	for _, c := range hostile() {
		t.Run(c.name, func(t *testing.T) {
			var list diag.List
			cheap(t, func() { _, list = Parse("a.nn", []byte(c.src)) })
			require.NotEmpty(t, list)
			assert.LessOrEqual(t, len(list), maxMistakes+1)
			assert.Equal(t, c.code, list[0].Code)
			assert.Contains(t, list[0].Summary, c.summary)
			assert.Less(t, len(list[0].String()), 200)
			if list[0].Span.IsValid() {
				checkSpan(t, []byte(c.src), list[0].Span)
			}
		})
	}
}

// work is what something allocates. Unlike the time that it takes, it is the same on every machine.
func work(do func()) (bytes, allocations uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

// cheap shows that something does not take much memory, nor much work.
func cheap(t *testing.T, do func()) {
	t.Helper()
	bytes, allocations := work(do)
	assert.Less(t, bytes, uint64(64<<20))
	assert.Less(t, allocations, uint64(1_000_000))
}

// Twice the text takes twice the work: slices that grow are allowed for.
func TestWorkGrowsWithTheText(t *testing.T) {
	repeat := func(s string) func(n int) string { return func(n int) string { return strings.Repeat(s, n) } }
	for name, c := range map[string]struct {
		text func(n int) string
		n    int
	}{
		"statements":    {repeat("a b\n"), 4000},
		"bodies":        {repeat("a { b }\n"), 2000},
		"arguments":     {repeat("a b=1 [2, 3] 4->5\n"), 2000},
		"one statement": {func(n int) string { return "a " + strings.Repeat("b ", n) }, 2000},
		"a sum":         {func(n int) string { return "a 1" + strings.Repeat("+1", n) }, 1000},
		"a list":        {func(n int) string { return "a [1" + strings.Repeat(", 1", n) + "]" }, 1000},
		"a wrong end":   {func(n int) string { return "a " + strings.Repeat("b ", n) + "=" }, 2000},
		"a word":        {repeat("a"), 400},
		"comments":      {repeat("// a\na // b\n"), 2000},
		"mistakes":      {repeat("a ->\n"), 40},
		"open brackets": {repeat("a (\n"), 30},
	} {
		var bytes, allocations [2]uint64
		for i := range bytes {
			src := []byte(c.text((i + 1) * c.n))
			bytes[i], allocations[i] = work(func() { Parse("a.nn", src) })
		}
		const some = 5000 // bytes, and a hundredth as many allocations, that do not depend on the text
		assert.Less(t, float64(bytes[1]), 2.6*float64(bytes[0])+some, name)
		assert.Less(t, float64(allocations[1]), 2.2*float64(allocations[0])+some/100, name)
	}
}

// The aim is an error in less than 100 ms.
func BenchmarkHostile(b *testing.B) {
	for _, c := range hostile() {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Parse("a.nn", []byte(c.src))
			}
		})
	}
}

// What is just within the limits is read.
func TestLimitsCanBeReached(t *testing.T) {
	nested := "a " + strings.Repeat("(", maxDepth) + "1" + strings.Repeat(")", maxDepth)
	for name, src := range map[string]string{
		"depth":              nested,
		"depth of bodies":    strings.Repeat("a { ", maxDepth) + "b" + strings.Repeat(" }", maxDepth),
		"depth line by line": nested + "\n" + nested,
		"words":              strings.Repeat("a"+strings.Repeat(" b", 8)+"\n", maxTokens/10),
		"statements":         strings.Repeat("a\n", maxStatements),
		"a statement":        "a " + strings.Repeat("b ", maxStatement-1),
		"a long sum":         "a " + strings.Repeat("1+", maxStatement/2-1) + "1",
		"length of a word":   strings.Repeat("a", maxTokenLength),
		"size":               "a//" + strings.Repeat("b", maxSize-3),
	} {
		f, list := Parse("a.nn", []byte(src))
		assert.Empty(t, list, name)
		assert.NotEmpty(t, f.String(), name)
	}
}

func TestUnclosedBracketsDoNotAddUp(t *testing.T) {
	_, list := Parse("a.nn", []byte(strings.Repeat("a (\n", maxDepth+1)))
	require.Len(t, list, maxDepth+1)
	assert.Equal(t, diag.SyntaxError, list[0].Code)
}

func TestTooManyMistakes(t *testing.T) {
	_, list := Parse("a.nn", []byte(strings.Repeat("a ->\n", 5000)))
	require.Len(t, list, maxMistakes+1)
	last := list[maxMistakes]
	assert.Equal(t, diag.LimitExceeded, last.Code)
	assert.Contains(t, last.Summary, "more than 100 mistakes")
	assert.Equal(t, 101, last.Span.Start.Line)
}

// odd are small texts from which fuzzing may start.
var odd = []string{
	"", "\ufeff", "a", "a:b", "a -1-1 - 1", "a (1", "a {b}", "a {", "}", "block A(n=1) (2)", "block A() (2)",
	"a \"\\\"\"", "a \"\\", "a 1.", "a .5", "a 1e", "a->b", "a x=[1,2]->[3]", "a\r\nb\r", "é\u0301", "\xff", "\x00", "\u202e",
	"a -(-1)", "a 1-(2-3)*4", ";;a;;", "a // b\n// c\nd", "a(1", "block", "block: block block(block)", "block: block (bl/ck)",
}

func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/ok/*.nn")
	require.NoError(f, err)
	for _, path := range append(paths, "testdata/errors.nn") {
		src, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(src)
	}
	for _, src := range odd {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, list := Parse("fuzz.nn", src)
		require.NotNil(t, file)
		checkList(t, string(src), list)
		checkPlaces(t, file)
		checkStable(t, file)
		if len(list) == 0 {
			require.NotEmpty(t, file.Stmts)
		}
	})
}

// FuzzScan shows that tokens, comments and what lies between them make up the text.
func FuzzScan(f *testing.F) {
	for _, src := range append(specs(f), odd...) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		r := &report{file: "fuzz.nn"}
		start, ok := check(r, []byte(src))
		if !ok {
			require.Len(t, r.list, 1)
			return
		}
		s, whole := scan(r, src, start)
		require.NotNil(t, s)
		if !whole {
			require.NotEmpty(t, r.list)
			return
		}
		checkList(t, src, r.list)
		require.Equal(t, len(src), s.at.Offset)
		left := []byte(src)
		cut := func(offset int, text string) {
			require.Equal(t, text, string(left[offset:offset+len(text)]))
			copy(left[offset:], strings.Repeat(" ", len(text)))
		}
		for _, c := range s.comments {
			cut(c.Span.Start.Offset, c.Text)
		}
		bad := false
		for i, token := range s.tokens {
			require.Equal(t, placeAt([]byte(src), token.Pos.Offset), place(token.Pos))
			if token.Type == eolToken {
				require.False(t, i > 0 && s.tokens[i-1].Type == eolToken, "two ends of a statement")
				continue
			}
			cut(token.Pos.Offset, token.Value)
			bad = bad || token.Type == badToken
		}
		require.Empty(t, strings.Trim(string(left[start.Offset:]), " \t\r\n;"))
		require.Equal(t, bad, len(r.list) > 0)
	})
}
