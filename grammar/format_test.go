package grammar

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// formatted formats a text without mistakes, and shows that the outcome means the same and is stable.
func formatted(t *testing.T, src string) string {
	t.Helper()
	f, list := Parse("a.nn", []byte(src))
	require.Empty(t, list, "%s", src)
	out, list := Format("a.nn", []byte(src))
	require.Empty(t, list, "%s", src)
	again, list := Parse("a.nn", out)
	require.Empty(t, list, "%s", out)
	require.Equal(t, f.String(), again.String())
	require.Equal(t, bare(f), bare(again))
	require.Equal(t, remarks(f), remarks(again))
	twice, list := Format("a.nn", out)
	require.Empty(t, list)
	require.Equal(t, string(out), string(twice), "formatted again; the source was\n%s", src)
	checkTidy(t, again)
	return string(out)
}

// remarks lists the comments of a file, and to which statements they belong.
func remarks(f *File) []string {
	var out []string
	for _, c := range f.Comments {
		out = append(out, c.Text)
	}
	var docs func([]*Stmt)
	docs = func(stmts []*Stmt) {
		for _, s := range stmts {
			out = append(out, s.Doc)
			if s.Body != nil {
				docs(s.Body.Stmts)
			}
		}
	}
	docs(f.Stmts)
	return out
}

// checkTidy shows that a text has no superfluous lines, blanks and semicolons, comments aside.
func checkTidy(t *testing.T, f *File) {
	t.Helper()
	var code strings.Builder
	rest := 0
	for _, c := range f.Comments {
		start, end := c.Span.Start.Offset, c.Span.End.Offset
		if start > 0 {
			require.Contains(t, " \n", string(f.Src[start-1]))
		}
		code.Write(f.Src[rest:start])
		code.WriteString("//")
		rest = end
	}
	code.Write(f.Src[rest:])
	require.NotRegexp(t, `\r|\A\s|\n\n\n|\n\n\z|[^\n]\z|(?m:[ \t]$)|\{( +//)?\n\n|\n\n *\}|;\n`, code.String())
	require.NotContains(t, code.String(), bom)
}

// specs are the language's ten.
func specs(t testing.TB) []string {
	paths, err := filepath.Glob("testdata/ok/[^e]*.nn") // those that begin with edge are no specs
	require.NoError(t, err)
	require.Len(t, paths, 10)
	var out []string
	for _, path := range paths {
		src, err := os.ReadFile(path)
		require.NoError(t, err)
		out = append(out, string(src))
	}
	return out
}

func TestSpecsAreFormatted(t *testing.T) {
	for _, src := range specs(t) {
		assert.Equal(t, src, formatted(t, src))
	}
}

var formatCases = []struct{ name, src, want string }{
	{"pieces", "linear 10  ->  1\n\n a:relu\n\nblock A (n ,m = (1 + n)*2){relu}\n\nadd -1 - 1 [a -1,(2)*b] x = - 1;b (3)",
		"linear 10->1\n\na: relu\n\nblock A(n, m=(1+n)*2) { relu }\n\nadd -1-1 [a-1, 2*b] x=-1; b 3\n"},
	{"a constant", "const  a=1+ 2\nconst b = a", "const a = 1+2\nconst b = a\n"},
	{"a constant in line", "const a  =   -1\nconst bc = 2 ", "const a  = -1\nconst bc = 2\n"},
	{"no constant", "const a =1 b=2\nconst a\nx const=1", "const a=1 b=2\nconst a\nx const=1\n"},
	{"lines", "\ufeff\r\n;;\n\na\r\n\r\n\t\r\n\nb;c ;; d;\n\n\n", "a\n\nb; c; d\n"},
	{"bodies", "a{}\nb{ }\nc{\n}\nd{x;y}\ne{x\n\ny\n;}\nf{\n\nx;y};z\n",
		"a {}\nb {}\nc {\n}\nd { x; y }\ne {\n    x\n\n    y\n}\nf {\n    x; y\n}; z\n"},
	{"bodies in bodies", "a{b{c\n}}\nd{e{f};g{h;\n}}", "a {\n    b {\n        c\n    }\n}\nd {\n    e { f }; g {\n        h\n    }\n}\n"},
	{"behind a body", "a {\nb\n} ; c 1; d {\ne\n};", "a {\n    b\n}; c 1; d {\n    e\n}\n"},

	{"in line", "a   1\nbcd 2\ne   3\n", "a   1\nbcd 2\ne   3\n"},
	{"closing up", "a     1\nbcd   2\ne     3\n", "a   1\nbcd 2\ne   3\n"},
	{"nothing in line", "a   1\nbcd  2\n", "a 1\nbcd 2\n"},
	{"no gap, no chain", "a 1\nb 2\n", "a 1\nb 2\n"},
	{"growing", "a b[1,2]  x\na b       y\n", "a b[1, 2] x\na b       y\n"},
	{"several columns", "a 1    x  p\nb 1+2  xy q\n", "a 1   x  p\nb 1+2 xy q\n"},
	{"behind a semicolon", "a; b  1\nc; de 2\n", "a; b  1\nc; de 2\n"},
	{"in bodies of one line", "a {  b }\ncd { e }\n", "a {  b }\ncd { e }\n"},
	{"braces in line", "a  { b  }\ncd { ef }\n", "a  { b  }\ncd { ef }\n"},
	{"labels", "x:  a 1\nyz: b 2\n", "x:  a 1\nyz: b 2\n"},
	{"a short line is passed", "a    1\nbcde\nfgh  2\n", "a   1\nbcde\nfgh 2\n"},
	{"and keeps its room", "a      1\nbcde\nf      2\n", "a   1\nbcde\nf   2\n"},
	{"a long line is not", "a    1\nbcdefg\nh    2\n", "a 1\nbcdefg\nh 2\n"},
	{"nor one without a cell there", "a   1\nb    2\nc   3\n", "a 1\nb 2\nc 3\n"},
	{"comments are passed", "a   1\n// long enough\nbcd 2\n", "a   1\n// long enough\nbcd 2\n"},
	{"empty lines are not", "a   1\n\nbcd 2\n", "a 1\n\nbcd 2\n"},
	{"nor braces", "a   1\nbcd 2 {\ne 3   4\n}; f 5\n", "a   1\nbcd 2 {\n    e 3 4\n}; f 5\n"},
	{"moved lines", "a {\n a   1\n   bcd 2\n}\n", "a {\n    a   1\n    bcd 2\n}\n"},
	{"the first cell is in no chain", "a   1\n    b\n", "a 1\nb\n"},
	{"wide characters", "a \"é\"  1\nb \"ab\" 2\n", "a \"é\"  1\nb \"ab\" 2\n"},

	{"training", "linear 1\nloss mse\nadamw 0.1 decay=1\nschedule cosine\nbatch 2\n",
		"linear 1\nloss     mse\nadamw    0.1 decay=1\nschedule cosine\nbatch    2\n"},
	{"training in line by half", "loss  mse\nadamw 1\nclip 2\nbatch 4\n", "loss  mse\nadamw 1\nclip 2\nbatch 4\n"},
	{"training in line by less", "loss  mse\nadamw 1\nclip 2\nbatch 4\nclip 2\n", "loss  mse\nadamw 1\nclip  2\nbatch 4\nclip  2\n"},
	{"training with a layer", "linear 3\nloss   mse\n", "linear 3\nloss   mse\n"},
	{"training apart", "loss mse\n\nadamw 1\n", "loss mse\n\nadamw 1\n"},
	{"training around others", "loss mse\nadamw 1\nrelu 1\nsgd 1\nbatch 1; seed 1\na: seed 1\n",
		"loss  mse\nadamw 1\nrelu 1\nsgd 1\nbatch 1; seed 1\na: seed 1\n"},
	{"training in line further on", "loss mse   x\nsgd 12     y\nclip 1 2  3\n", "loss mse x\nsgd  12  y\nclip 1 2 3\n"},

	{"comments", "//a\n  // b \n\n\n//c\nx//d\n;;// e\n",
		"//a\n// b \n\n//c\nx //d\n// e\n"},
	{"comments in bodies", "a{//1\n\n//2\nb{//3\n//4\n}//5\n//6\n}//7\n//8", "a { //1\n    //2\n    b { //3\n        //4\n    } //5\n    //6\n} //7\n//8\n"},
	{"comments of split lines", "a { b // 1\n c } // 2\n", "a {\n    b // 1\n    c\n} // 2\n"},
	{"comments keep their column", "a        // 1\nb    2  // 2\n", "a        // 1\nb 2     // 2\n"},
	{"or move to the right", "a b[1,2,3]  // 1\n", "a b[1, 2, 3] // 1\n"},
	{"together", "a           // 0\na b[1,2,3]  // 1\nb\nc           // 2\n\nd           // 3\n",
		"a            // 0\na b[1, 2, 3] // 1\nb\nc            // 2\n\nd           // 3\n"},
	{"or stay close", "a   1 // 1\n\na   1 // 2\nab (1)// 3\n", "a 1 // 1\n\na 1 // 2\nab 1 // 3\n"},
}

func TestFormat(t *testing.T) {
	for _, c := range formatCases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, formatted(t, c.src))
			assert.Equal(t, c.want, formatted(t, c.want))
		})
	}
}

func TestFormatRefuses(t *testing.T) {
	for _, src := range []string{"a ->", "a {", "// nothing", "a\xff", "a\n@\nb ="} {
		_, want := Parse("a.nn", []byte(src))
		out, list := Format("a.nn", []byte(src))
		assert.Nil(t, out, src)
		assert.NotEmpty(t, list)
		assert.Equal(t, want, list, src)
	}
	for _, c := range hostile() {
		cheap(t, func() {
			out, list := Format("a.nn", []byte(c.src))
			assert.Nil(t, out)
			assert.NotEmpty(t, list)
		})
	}
}

// What could not be read again is not written: every line of a deep body is indented, what stands on a line may need
// several, and blanks go between statements.
func TestFormatWithinLimits(t *testing.T) {
	deep := strings.Repeat("a{", maxDepth) + strings.Repeat("\nb", 5000) + strings.Repeat("}", maxDepth)
	lines := strings.Repeat("a"+strings.Repeat(" b", 15)+"{\nb}\n", maxTokens/21)
	tabs := `a "` + strings.Repeat("\t", maxTokenLength-2) + `"`
	for src, limit := range map[string]string{
		deep:  "the spec has 1306512 bytes",
		lines: "more than 100000 words and signs",
		tabs:  "longer than 1000",
	} {
		_, list := Parse("a.nn", []byte(src))
		require.Empty(t, list)
		out, list := Format("a.nn", []byte(src))
		assert.Nil(t, out)
		require.Len(t, list, 1)
		assert.Equal(t, diag.LimitExceeded, list[0].Code)
		assert.Contains(t, list[0].String(), "a.nn: error[NN003]: formatted, this would exceed a limit: ")
		assert.Contains(t, list[0].Summary, limit)
	}
}

// The layout takes next to nothing beside the parsing, also of texts that are made to have many chains, long ones, and
// ones that pass many lines.
func TestLayoutIsCheap(t *testing.T) {
	const many = maxStatements / 3
	wide := strings.Repeat("a;  ", many/2) + "a\n"
	var growing, shrinking strings.Builder
	for i := range 200 {
		growing.WriteString(strings.Repeat("a  ", i) + "a\n")
		shrinking.WriteString(strings.Repeat("a  ", 200-i) + "a\n")
	}
	for name, src := range map[string]string{
		"rows":              strings.Repeat("ab  1\nabc 2\n", many/3),
		"wide rows":         wide + wide + wide[:len(wide)/2],
		"wide rows far off": wide + strings.Repeat("a\n", many) + wide,
		"triangles":         growing.String() + shrinking.String(),
		"training":          strings.Repeat("loss 1\nsgd 2\n", many/2),
		"comments":          strings.Repeat("a  // b\n", many),
		"deep comments":     strings.Repeat("a{", maxDepth) + strings.Repeat("\n//", many) + "\n" + strings.Repeat("}", maxDepth),
	} {
		f, list := Parse("a.nn", []byte(src))
		require.Empty(t, list, name)
		cheap(t, func() { layout(f) })
	}
}

// However a spec is spaced, commented and cut into lines, it means the same, and formatting it is done in one go.
func TestFormatOfDisturbedSpecs(t *testing.T) {
	for _, src := range specs(t) {
		want, list := Parse("a.nn", []byte(src))
		require.Empty(t, list)
		for seed := range uint64(40) {
			disturbed := disturber{rand.New(rand.NewPCG(seed, 0))}.spec(src)
			got, list := Parse("a.nn", []byte(disturbed))
			require.Empty(t, list, disturbed)
			require.Equal(t, want.String(), got.String(), disturbed)
			formatted(t, disturbed)
		}
	}
}

// disturber changes what a text's meaning does not depend on.
type disturber struct{ *rand.Rand }

func (d disturber) chance(percent int) bool { return d.IntN(100) < percent }

func (d disturber) blanks(least int) string {
	if d.chance(70) {
		return strings.Repeat(" ", least)
	}
	return strings.Repeat(" ", least+d.IntN(6))
}

// spec disturbs a text that has neither negative numbers nor texts in quotes.
func (d disturber) spec(src string) string {
	var b strings.Builder
	for _, line := range strings.Split(src, "\n") {
		code, comment, commented := strings.Cut(line, "//")
		b.WriteString(d.code(code))
		if commented {
			b.WriteString("//" + comment)
		}
		b.WriteString(d.end(commented))
	}
	return b.String()
}

var spaceable = regexp.MustCompile(` +|->|[=;,{}*()[\]]`)

// code disturbs the code of a line.
func (d disturber) code(s string) string {
	return spaceable.ReplaceAllStringFunc(s, func(sign string) string {
		before, behind := d.blanks(0), d.blanks(0)
		switch {
		case sign[0] == ' ':
			return d.blanks(1)
		case sign == ";" && d.chance(10), sign == "{" && d.chance(10):
			behind = d.end(false)
		case sign == "}" && d.chance(10):
			before = d.end(false)
		}
		return before + sign + behind
	})
}

// end ends a statement, and a line if there is a comment on it.
func (d disturber) end(commented bool) string {
	var b strings.Builder
	if !commented && d.chance(10) {
		b.WriteString(d.blanks(0) + "//" + d.blanks(0) + "x" + d.blanks(0))
		commented = true
	}
	for first := true; first || d.chance(25); first = false {
		switch {
		case commented || d.chance(70):
			b.WriteString("\n")
		case d.chance(50):
			b.WriteString("\r\n")
		default:
			b.WriteString(";")
		}
		commented = false
		b.WriteString(d.blanks(0))
	}
	return b.String()
}

// Texts of few words, on lines that nearly line up.
func TestFormatOfRandomTexts(t *testing.T) {
	for seed := range uint64(300) {
		formatted(t, disturber{rand.New(rand.NewPCG(seed, 1))}.text(1))
	}
}

// text returns a few lines, with bodies nested up to a depth.
func (d disturber) text(depth int) string {
	pick := func(from ...string) string { return from[d.IntN(len(from))] }
	var b strings.Builder
	for range 1 + d.IntN(8) {
		b.WriteString(d.blanks(0))
		for more := true; more; more = d.chance(30) {
			if d.chance(10) {
				b.WriteString(pick("x", "xy") + d.blanks(0) + ":" + d.blanks(0))
			}
			b.WriteString(pick("a", "loss", "sgd", "clip", "schedule", "const", "block B()"))
			for d.chance(60) {
				b.WriteString(pick(" ", "  ", "   ", "     ") + pick("1", "12", "(3)", "-4", "n=5", "n  =  6", `"é"`, "[7,8]", "1->2"))
			}
			if depth > 0 && d.chance(10) {
				b.WriteString(d.blanks(0) + "{" + d.text(depth-1) + "}" + d.blanks(0))
			}
			b.WriteString(pick(";", ";", " ;", "; ", ";   "))
		}
		if d.chance(20) {
			b.WriteString(d.blanks(0) + "//")
		}
		b.WriteString(pick("\n", "\n", "\n", "\n\n", "\n // c\n", "\r\n"))
	}
	return b.String()
}

// FuzzFormat formats whatever can be read. Limits aside, that is written; all else is refused.
func FuzzFormat(f *testing.F) {
	for _, src := range append(specs(f), odd...) {
		f.Add([]byte(src))
	}
	for _, c := range formatCases {
		f.Add([]byte(c.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, list := Parse("a.nn", src); len(list) > 0 {
			out, refused := Format("a.nn", src)
			require.Nil(t, out)
			require.Equal(t, list, refused)
			return
		}
		if out, list := Format("a.nn", src); out == nil {
			require.Equal(t, diag.LimitExceeded, list[0].Code)
			return
		}
		formatted(t, string(src))
	})
}
