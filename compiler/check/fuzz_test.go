package check_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// internal are words that no user should read: of Go, of the parser library, of the compiler.
var internal = regexp.MustCompile(`\*?\b(ir|vocab|grammar|lexer|participle|diag)\.[A-Z]|%!|<nil>|0x[0-9a-f]{6}|\bf32\b|\bi32\b`)

var tensorName = regexp.MustCompile(`^[A-Za-z0-9_.]+$`)

// places are where the nodes of a graph's text come from.
var places = regexp.MustCompile(` :\d+:\d+`)

// FuzzCheck checks any text: nothing panics or takes long, what is said is sound, and what is right is a sound graph,
// the same for the text's tree written anew.
func FuzzCheck(f *testing.F) {
	paths, err := filepath.Glob("../../grammar/testdata/ok/*.nn")
	require.NoError(f, err)
	for _, path := range paths {
		src, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(string(src))
	}
	text, err := os.ReadFile("testdata/errors.txt")
	require.NoError(f, err)
	for _, spec := range strings.Split(string(text), "\n---\n")[1:] {
		f.Add(spec)
	}
	f.Add("block A(n, w=2*n, deep=false, v) { residual { linear n bias=deep; linear w; add v } }\ninput x[4]\nA n=2 w=4 v=x\nrepeat 2 { l: A 1 4 deep x }\nloss mse target=x; sgd; freeze \"a*\"")
	f.Add("input k[2] of 3\nonehot; split a[1] b[2]\nconcat b\nlinear 2 tied=b\noutput a\ninit normal std=0.1")
	f.Fuzz(func(t *testing.T, src string) {
		file, list := grammar.Parse("a.nn", []byte(src))
		var unparsed []diag.Span
		for _, d := range list {
			unparsed = append(unparsed, d.Span)
		}
		start := time.Now()
		g, found := check.File(file, check.Options{Model: "A", Unparsed: unparsed})
		assert.Less(t, time.Since(start), 10*time.Second) // with the fuzzer watching
		assert.Equal(t, g == nil, found.HasErrors())
		for _, d := range found {
			assert.NotRegexp(t, internal, d.Summary+d.Help)
			_, known := diag.Lookup(d.Code)
			assert.True(t, known)
			spans := []diag.Span{d.Span}
			for _, n := range d.Notes {
				assert.NotRegexp(t, internal, n.Text)
				spans = append(spans, n.Span)
			}
			for _, s := range spans {
				assert.True(t, 0 <= s.Start.Offset && s.Start.Offset <= s.End.Offset && s.End.Offset <= len(src), "%v: %v", d, s)
			}
		}
		if g == nil || len(list) > 0 {
			return
		}
		require.NoError(t, ir.Verify(g))
		for _, p := range g.Params {
			assert.Regexp(t, tensorName, p.Name)
		}
		again, list := grammar.Parse("a.nn", []byte(file.String()))
		require.Empty(t, list)
		same, found := check.File(again, check.Options{Model: "A"})
		require.False(t, found.HasErrors(), found.Error())
		assert.Equal(t, places.ReplaceAllString(g.String(), ""), places.ReplaceAllString(same.String(), ""))
	})
}
