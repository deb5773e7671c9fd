package grammar

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/grammar/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file, or writes the file under -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "run the test with -update if this is what it should be")
}

func TestGrammar(t *testing.T) {
	golden(t, "grammar.ebnf", fileParser.String()+"\n")
}

func TestSpecs(t *testing.T) {
	paths, err := filepath.Glob("testdata/ok/*.nn")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(paths), 10)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := os.ReadFile(path)
			require.NoError(t, err)
			f, list := Parse(path, src)
			require.Empty(t, list)
			golden(t, strings.TrimSuffix(path, ".nn")+".tree", f.String())
			checkPlaces(t, f)
			checkStable(t, f)
		})
	}
}

// errorMark finds the mistakes that a line of errors.nn announces.
var errorMark = regexp.MustCompile(`// ERROR((?: "(?:[^"\\]|\\.)*")+)\s*$`)

func TestErrors(t *testing.T) {
	src, err := os.ReadFile("testdata/errors.nn")
	require.NoError(t, err)
	f, list := Parse("errors.nn", src)
	checkPlaces(t, f)
	byLine := map[int][]string{}
	for i, d := range list {
		assert.Equal(t, diag.SyntaxError, d.Code)
		assert.Equal(t, "errors.nn", d.File)
		assert.NotRegexp(t, `participle|grammar\.|lexer|<[a-z]+>|token`, d.String()+d.Help)
		if i > 0 {
			assert.LessOrEqual(t, list[i-1].Span.Start.Offset, d.Span.Start.Offset)
		}
		line := d.Span.Start.Line
		byLine[line] = append(byLine[line], d.Summary)
	}
	for i, line := range strings.Split(string(src), "\n") {
		got := byLine[i+1]
		var want []string
		if m := errorMark.FindStringSubmatch(line); m != nil {
			for _, q := range regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).FindAllString(m[1], -1) {
				want = append(want, strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`))
			}
		}
		if assert.Len(t, got, len(want), "line %d: %s", i+1, line) {
			for j, pattern := range want {
				assert.Regexp(t, pattern, got[j], "line %d: %s", i+1, line)
			}
		}
	}
}

func TestErrorPlacesAndHelp(t *testing.T) {
	for _, c := range []struct{ src, span, code, summary, help string }{
		{"", "1:1-1:1", "NN004", "the spec has no statements", "linear 10->1; loss mse; sgd 0.01"},
		{" \n;;\n// nothing\n", "1:1-1:1", "NN004", "the spec has no statements", "linear 10->1"},
		{"\ufeff", "1:1-1:1", "NN004", "the spec has no statements", "linear 10->1"},
		{"linear 784->", "1:13-1:13", "NN001", "expected a size after `->`", ""},
		{"linear 784-> // comment\nrelu", "1:13-1:13", "NN001", "expected a size after `->`", ""},
		{"relu\n\tlinear 784-> ;relu", "2:14-2:14", "NN001", "expected a size after `->`", ""},
		{"loss \"日本\" 3 =", "1:13-1:14", "NN001", "only a name can stand before `=`", "name=value"},
		{"\ufeffa )", "1:3-1:4", "NN001", "`)` without a `(`", ""},
		{"a (3\nb", "1:3-1:4", "NN001", "this `(` is never closed", "put a `)` on the same line"},
		{"a .25e3", "1:3-1:6", "NN001", "a number cannot start with a point", "write `0.25`"},
		{"a 1.", "1:3-1:5", "NN001", "a number cannot end with a point", "write `1` or `1.0`"},
		{"a /* b", "1:3-1:4", "NN001", "before `/`", "comments start with `//`"},
		{"a 3 /* b", "1:6-1:7", "NN001", "after `/`", "comments start with `//`"},
		{"a - 1", "1:3-1:4", "NN001", "before `-`", "`-1`"},
		{"a (1, 2)", "1:5-1:6", "NN001", "expected `)`", "[3, 3]"},
		{"x: linear(1, 2)", "1:12-1:13", "NN001", "expected `)`", "without parentheses: `linear 10->1`"},
		{"relu()", "1:6-1:7", "NN001", "`relu` stands without parentheses", "write `relu`; arguments stand behind the word"},
		{"x: relu()", "1:9-1:10", "NN001", "`relu` stands without parentheses", "write `relu`"},
		{"relu ()", "1:7-1:8", "NN001", "expected a number or a name after `(`", ""},
		{"a b()", "1:5-1:6", "NN001", "expected a number or a name after `(`", ""},
		{"adam 0,01", "1:7-1:8", "NN001", "unexpected `,`", "write `0.01`"},
		{"adam 0, 01", "1:7-1:8", "NN001", "unexpected `,`", "arguments are separated by blanks"},
		{"a 50%", "1:5-1:6", "NN001", "unexpected character `%`", "write `0.5`"},
		{"a 12.5%", "1:7-1:8", "NN001", "unexpected character `%`", "write `0.125`"},
		{"a b%", "1:4-1:5", "NN001", "unexpected character `%`", ""},
		{"epochs=3", "1:7-1:8", "NN001", "after `epochs`, not `=`", "without a `=` between them"},
		{"a 1, 2", "1:4-1:5", "NN001", "unexpected `,`", "separated by blanks"},
		{"x: block A(3)", "1:12-1:13", "NN001", "expected the name of a parameter", "block A(name, other=1)"},
		{"nn.Linear(10, 1)", "1:1-1:10", "NN001", "the name `nn.Linear` has points", "names have no points"},
		{"x: torch.nn.relu(x)", "1:4-1:17", "NN001", "the name `torch.nn.relu` has points", ""},
		{"freeze a.b_1.c9 d", "1:8-1:16", "NN001", "the name `a.b_1.c9` has points", "in quotes"},
		{"a b. c", "1:4-1:5", "NN001", "unexpected character `.`", "names have no points"},
		{"a #", "1:3-1:4", "NN001", "unexpected character `#`", "//"},
		{"a 10→1", "1:5-1:6", "NN001", "unexpected character `→`", "write `->`"},
		{"a @@@ b", "1:3-1:6", "NN001", "unexpected character `@`", ""},
		{"a \"ab\\q\"", "1:6-1:8", "NN001", "unknown escape `\\q`", "\\n"},
		{"a \"é\\", "1:3-1:6", "NN001", "never closed", "same line"},
		{"a \u200b", "1:3-1:4", "NN001", "unexpected character U+200B", ""},
		{"a b\xff", "1:4-1:5", "NN002", "byte 0xFF", "UTF-8"},
		{"é\nb\xe2\x82", "2:2-2:3", "NN002", "byte 0xE2", "UTF-8"},
		{"\xff\xfea\x00", "1:1-1:1", "NN002", "UTF-16", "UTF-8"},
		{"a\n// \x00", "2:4-2:5", "NN002", "U+0000", "binary"},
		{"// \u202e", "1:4-1:5", "NN002", "U+202E", "remove it"},
		{"a \ufeff", "1:3-1:4", "NN002", "U+FEFF", "remove it"},
		{"a \x1b[2J", "1:3-1:4", "NN002", "U+001B", "control character"},
		{"a\rb", "1:2-1:3", "NN002", "U+000D", "CR LF"},
	} {
		f, list := Parse("a.nn", []byte(c.src))
		require.NotNil(t, f, "%q", c.src)
		require.Len(t, list, 1, "%q", c.src)
		d := list[0]
		assert.Equal(t, c.code, d.Code, "%q", c.src)
		assert.Equal(t, c.span, d.Span.String(), "%q", c.src)
		assert.Contains(t, d.Summary, c.summary, "%q", c.src)
		assert.Contains(t, d.Help, c.help, "%q", c.src)
		checkList(t, c.src, list)
	}
}

func TestUnclosedBraceNamesIt(t *testing.T) {
	_, list := Parse("a.nn", []byte("relu\nrepeat 2 {\n    linear 3->\n    relu\n"))
	require.Len(t, list, 2)
	assert.Equal(t, "expected a size after `->`", list[0].Summary)
	assert.Equal(t, "expected `}` before the end of the file", list[1].Summary)
	assert.Equal(t, "5:1-5:1", list[1].Span.String())
	require.Len(t, list[1].Notes, 1)
	assert.Equal(t, "this `{` is never closed", list[1].Notes[0].Text)
	assert.Equal(t, "2:10-2:11", list[1].Notes[0].Span.String())

	_, list = Parse("a.nn", []byte("a {\nb {\n"))
	assert.Len(t, list, 2)
}

func TestGoodStatementsAreKept(t *testing.T) {
	f, list := Parse("a.nn", []byte("a 1\nb ->\nc { d; e: ; g }\nh 2"))
	assert.Len(t, list, 2)
	assert.Equal(t, "a 1\nc {\n    d\n    g\n}\nh 2\n", f.String())
}

func TestShapesOfTrees(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"a -1", "a -1"},
		{"a b -1", "a b -1"},
		{"a b - 1", "a b-1"},
		{"a b-1", "a b-1"},
		{"a b- 1", "a b-1"},
		{"a (b -1)", "a b-1"},
		{"a [b -1]", "a [b-1]"},
		{"a 2*(b+1)", "a 2*(b+1)"},
		{"a 2+(b*1)", "a 2+b*1"},
		{"a (2*b)*1", "a 2*b*1"},
		{"a 2*(b*1)", "a 2*(b*1)"},
		{"a 1-(2+3)", "a 1-(2+3)"},
		{"a -(2)", "a -2"},
		{"a -(-2)", "a -(-2)"},
		{"a (-2)*3", "a -2*3"},
		{"a 10  ->  1", "a 10->1"},
		{"input image[28,28]", "input image[28, 28]"},
		{"input image [28, 28]", "input image[28, 28]"},
		{"schedule multistep[30,60]", "schedule multistep [30, 60]"},
		{"a 3 [1]", "a 3 [1]"},
		{"a x=y [1]", "a x=y [1]"},
		{"block A", "block A"},
		{"block A()", "block A"},
		{"block A(n)", "block A(n)"},
		{"block A (n, m = 2 * n)", "block A(n, m=2*n)"},
		{"block A() (3)", "block A 3"},
		{"block A(n) (3)", "block A(n) 3"},
		{"block A b", "block A b"},
		{"block A() [3]", "block A[3]"},
		{"block A() (1+2)*3", "block A() (1+2)*3"},
		{"block: a", "block: a"},
		{"a {}", "a {\n}"},
		{`a "\"\\\n\t"`, `a "\"\\\n\t"`},
	} {
		f, list := Parse("a.nn", []byte(c.src))
		assert.Empty(t, list, c.src)
		assert.Equal(t, c.want+"\n", f.String(), c.src)
		checkPlaces(t, f)
		checkStable(t, f)
	}
}

func TestTree(t *testing.T) {
	f, list := Parse("a.nn", []byte("kind: input tokens[80] of 2*v x=3->\"ü\""))
	require.Empty(t, list)
	require.Len(t, f.Stmts, 1)
	s := f.Stmts[0]
	assert.Equal(t, "kind", s.Label.Name)
	assert.Equal(t, "input", s.Word.Name)
	assert.Equal(t, "1:7-1:12", s.Word.Span.String())
	assert.Equal(t, "1:1-1:39", s.Span.String())
	require.Len(t, s.Args, 5)
	assert.Equal(t, Name, s.Args[0].Value.Expr.Kind)
	assert.True(t, s.Args[1].Value.IsList())
	assert.Equal(t, "80", s.Args[1].Value.List[0].Text)
	assert.Equal(t, "1:19-1:23", s.Args[1].Span.String())
	product := s.Args[3].Value.Expr
	assert.Equal(t, Binary, product.Kind)
	assert.Equal(t, byte('*'), product.Op)
	assert.Equal(t, "1:27-1:30", product.Span.String())
	assert.Equal(t, "x", s.Args[4].Name.Name)
	assert.Equal(t, "3", s.Args[4].Value.Expr.Text)
	assert.Equal(t, String, s.Args[4].To.Expr.Kind)
	assert.Equal(t, "ü", s.Args[4].To.Expr.Text)
	assert.Nil(t, s.Body)

	f, list = Parse("a.nn", []byte("block A(n, m=n+1) { a } ; b"))
	require.Empty(t, list)
	s = f.Stmts[0]
	require.Len(t, s.Params, 2)
	assert.Equal(t, "n", s.Params[0].Name.Name)
	assert.Nil(t, s.Params[0].Default)
	assert.Equal(t, "n+1", s.Params[1].Default.String())
	assert.Equal(t, "1:12-1:17", s.Params[1].Span.String())
	assert.Equal(t, "1:19-1:24", s.Body.Span.String())
	assert.Equal(t, "1:1-1:24", s.Span.String())
	assert.Equal(t, "1:27-1:28", f.Stmts[1].Span.String())
}

func TestComments(t *testing.T) {
	f, list := Parse("a.nn", []byte(`// far

// One,
//   two.
model A // after
linear 3; relu
a { // open
    // inner
    b; c
    // last
}; d
//
e`))
	require.Empty(t, list)
	docs := map[string]string{}
	var walk func([]*Stmt)
	walk = func(stmts []*Stmt) {
		for _, s := range stmts {
			docs[s.Word.Name] = s.Doc
			if s.Body != nil {
				walk(s.Body.Stmts)
			}
		}
	}
	walk(f.Stmts)
	assert.Equal(t, map[string]string{
		"model": "One,\n  two.", "linear": "", "relu": "", "a": "", "b": "inner", "c": "", "d": "", "e": "",
	}, docs)
	var texts []string
	for _, c := range f.Comments {
		texts = append(texts, c.Text+" "+strconv.FormatBool(c.After)+" "+c.Span.String())
	}
	assert.Equal(t, []string{
		"// far false 1:1-1:7", "// One, false 3:1-3:8", "//   two. false 4:1-4:10", "// after true 5:9-5:17",
		"// open true 7:5-7:12", "// inner false 8:5-8:13", "// last false 10:5-10:12", "// false 12:1-12:3",
	}, texts)

	// A semicolon alone is nothing that a comment could follow.
	f, list = Parse("a.nn", []byte("; // doc\na; // after\n;; // alone\n"))
	require.Empty(t, list)
	require.Len(t, f.Comments, 3)
	assert.Equal(t, []bool{false, true, false}, []bool{f.Comments[0].After, f.Comments[1].After, f.Comments[2].After})
	assert.Equal(t, "doc", f.Stmts[0].Doc)
}
