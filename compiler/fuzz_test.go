package compiler_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// params are the parameters in the text of a checked spec, with their names.
var params = regexp.MustCompile(`(?m)^  param   (\S+) `)

// FuzzCompile compiles any text: what the check lets through becomes Go, the same each time, and nothing is a mistake of
// the compiler. The limit on elements keeps the models small.
func FuzzCompile(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		require.NoError(f, err)
		f.Add(string(archive.Files[0].Data))
	}
	text, err := os.ReadFile("check/testdata/errors.txt")
	require.NoError(f, err)
	for _, spec := range strings.Split(string(text), "\n---\n")[1:] {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, src string) {
		o := compiler.Options{Package: "fuzz", Verify: true, Elements: 20_000}
		found, err := compiler.Check("a.nn", []byte(src), o)
		require.NoError(t, err)
		out, list, err := compiler.Compile("a.nn", []byte(src), o)
		require.NoError(t, err)
		if found.HasErrors() || list.HasErrors() { // a step may need more memory than its forward pass
			assert.Nil(t, out)
			return
		}
		again, _, err := compiler.Compile("a.nn", []byte(src), o)
		require.NoError(t, err)
		assert.Equal(t, string(out.Code), string(again.Code))
		o.Program = true
		program, list, err := compiler.Compile("a.nn", []byte(src), o)
		require.NoError(t, err)
		require.False(t, list.HasErrors())
		o.Program = false
		for name, code := range map[string][]byte{"model": out.Code, "test": out.Test, "program": program.Code, "driver": program.Driver} {
			if code != nil {
				_, err := parser.ParseFile(token.NewFileSet(), name+".go", code, parser.SkipObjectResolution)
				require.NoError(t, err)
			}
		}
		stats, _, err := compiler.Measure("a.nn", []byte(src), o)
		require.NoError(t, err)
		names := map[string]bool{}
		graph, _, err := compiler.Dump("a.nn", []byte(src), "check", o)
		require.NoError(t, err)
		for _, line := range params.FindAllStringSubmatch(graph, -1) {
			p := line[1]
			assert.False(t, names[p], "two parameters are called %s", p)
			assert.NotContains(t, p, "'")
			names[p] = true
		}
		assert.GreaterOrEqual(t, stats.Parameters, len(names))
		assert.Equal(t, stats.Parameters > 0, len(names) > 0)
	})
}
