package diag_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// at is a place with its offset.
func at(offset, line, col int) diag.Pos { return diag.Pos{Offset: offset, Line: line, Col: col} }

// told is findings of every sort.
var told = diag.List{
	diag.New(diag.SizeMismatch, "digits.nn", diag.Span{Start: at(49, 5, 8), End: at(52, 5, 11)}, "linear 784->128 takes 784 values").
		WithNote(diag.Span{Start: at(24, 4, 8), End: at(37, 4, 21)}, "28×28 comes from here").
		WithNote(diag.Span{}, "no place").
		WithHelp("put `flatten` before it\nor not"),
	diag.New(diag.UnusedLabel, "digits.nn", diag.Span{Start: at(60, 6, 1), End: at(80, 8, 2)}, "the label `a` is never used"),
	diag.New(diag.LimitExceeded, "digits.nn", diag.Span{}, "too big"),
	{Severity: diag.Error, Summary: "nothere.nn: no such file"},
	{Severity: diag.Remark, Summary: "building"},
}

func TestRenderJSON(t *testing.T) {
	var b bytes.Buffer
	diag.RenderJSON(&b, told)
	assert.Equal(t, `
{"file":"digits.nn","severity":"error","code":"NN021","message":"linear 784->128 takes 784 values",`+
		`"span":{"start":{"line":5,"col":8,"offset":49},"end":{"line":5,"col":11,"offset":52}},`+
		`"notes":[{"message":"28×28 comes from here","span":{"start":{"line":4,"col":8,"offset":24},"end":{"line":4,"col":21,"offset":37}}},`+
		`{"message":"no place","span":null}],"help":"put `+"`flatten`"+` before it\nor not"}
{"file":"digits.nn","severity":"warning","code":"NN033","message":"the label `+"`a`"+` is never used",`+
		`"span":{"start":{"line":6,"col":1,"offset":60},"end":{"line":8,"col":2,"offset":80}},"notes":[],"help":null}
{"file":"digits.nn","severity":"error","code":"NN003","message":"too big","span":null,"notes":[],"help":null}
{"file":null,"severity":"error","code":null,"message":"nothere.nn: no such file","span":null,"notes":[],"help":null}
{"file":null,"severity":"note","code":null,"message":"building","span":null,"notes":[],"help":null}
`, "\n"+b.String())
}

func TestRenderGitHub(t *testing.T) {
	var b bytes.Buffer
	diag.RenderGitHub(&b, told)
	assert.Equal(t, `
::error file=digits.nn,line=5,col=8,endLine=5,endColumn=11,title=NN021::linear 784->128 takes 784 values`+
		"%0Anote: 4:8: 28×28 comes from here%0Anote: no place%0Ahelp: put `flatten` before it%0Aor not"+`
::warning file=digits.nn,line=6,endLine=8,title=NN033::the label `+"`a`"+` is never used
::error file=digits.nn,title=NN003::too big
::error::nothere.nn: no such file
::notice::building
`, "\n"+b.String())
}

// hostile is texts that attack a terminal, a reader of lines, JSON or the runner's commands.
var hostile = []string{
	"\x1b[2J\x1b]0;title\a", "\x00\x7f\u0085\u009b", "\u202eabc\u2066", "\u2028\u2029", "\ufeff\u200b\u00ad", "\U000e0041\U0001f600", "\xff\xc0",
	"a\r\nb\rc\n", "%0A%0D%25%3A%2C", "100%", "a::error::b", "::set-output name=x::y", "##[error]x", "\n::stop-commands::x", "\n::add-mask::e",
	"a,line=7,col=1:b", "title=NN001", `"}{"`, `\`, `\u202e`, "</script>", "",
}

func hostileFinding(file, text string) diag.Diagnostic {
	return diag.New(diag.SyntaxError, file, on(1, 2, 3), "%s", text).WithNote(on(4, 5, 6), "%s", text).WithHelp("%s", text)
}

func TestHostileTexts(t *testing.T) {
	for _, text := range hostile {
		checkFormats(t, "a"+text, text)
	}
}

func FuzzFormats(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, file, text string) { checkFormats(t, file, text) })
}

// checkFormats has findings with that file and text written in both forms, reads them back as their readers do, and
// compares.
func checkFormats(t *testing.T, file, text string) {
	t.Helper()
	list := diag.List{hostileFinding(file, text), {Severity: diag.Error, Summary: text}}
	want := shown(text)

	var b bytes.Buffer
	diag.RenderJSON(&b, list)
	lines := harmless(t, b.String(), 2)
	var got struct {
		File    *string
		Message string
		Notes   []struct{ Message string }
		Help    *string
	}
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &got), lines[0])
	if file == "" {
		assert.Nil(t, got.File)
	} else {
		assert.Equal(t, string([]rune(file)), *got.File)
	}
	assert.Equal(t, want, got.Message)
	assert.Equal(t, want, got.Notes[0].Message)
	if text == "" {
		assert.Nil(t, got.Help)
	} else {
		assert.Equal(t, want, *got.Help)
	}

	b.Reset()
	diag.RenderGitHub(&b, list)
	lines = harmless(t, b.String(), 2)
	name, properties, data := runner(t, lines[0])
	assert.Equal(t, "error", name)
	wanted := map[string]string{"line": "1", "col": "2", "endLine": "1", "endColumn": "3", "title": "NN001"}
	if file != "" {
		wanted["file"] = strings.ReplaceAll(shown(file), "\n", "<U+000A>") // the name is one line
	}
	assert.Equal(t, wanted, properties)
	help := "\nhelp: " + want
	if text == "" {
		help = ""
	}
	assert.Equal(t, want+"\nnote: 4:5: "+want+help, data)
	name, properties, data = runner(t, lines[1])
	assert.Equal(t, "error", name)
	assert.Empty(t, properties)
	assert.Equal(t, want, data)
}

// shown is a text of several lines as it may be printed.
func shown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r != '\n' && (diag.Hostile(r) || unicode.Is(unicode.Cf, r)) {
			fmt.Fprintf(&b, "<U+%04X>", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// harmless splits an output into its lines, which are to be n, and to hold nothing that a terminal obeys.
func harmless(t *testing.T, out string, n int) []string {
	t.Helper()
	require.True(t, utf8.ValidString(out))
	for _, r := range out {
		if r != '\n' && (diag.Hostile(r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("U+%04X reached the output", r)
		}
	}
	lines := strings.SplitAfter(out, "\n")
	require.Len(t, lines, n+1)
	require.Empty(t, lines[n])
	return lines[:n]
}

// runner reads a line as GitHub's workflow runner does (src/Runner.Common/ActionCommand.cs, TryParseV2).
func runner(t *testing.T, line string) (name string, properties map[string]string, data string) {
	t.Helper()
	unescape := func(s string, tokens ...string) string {
		for i := 0; i < len(tokens); i += 2 {
			s = strings.ReplaceAll(s, tokens[i], tokens[i+1])
		}
		return s
	}
	rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "::")
	require.True(t, ok, line)
	info, data, ok := strings.Cut(rest, "::")
	require.True(t, ok, line)
	name, list, _ := strings.Cut(info, " ")
	properties = map[string]string{}
	for _, p := range strings.Split(strings.TrimSpace(list), ",") {
		if key, value, ok := strings.Cut(p, "="); ok && value != "" {
			properties[key] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		}
	}
	return name, properties, unescape(data, "%0D", "\r", "%0A", "\n", "%25", "%")
}
