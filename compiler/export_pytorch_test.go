package compiler_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// The programs of the ten specs, and of two with labels that Python has other uses for and with shared tensors: the classes
// and what else is of the model. What stands in the parts as it is is left out. That they compute what the model does is for
// PyTorch to say (compiler/random).
func TestPyTorchGolden(t *testing.T) {
	specs := map[string][]byte{}
	for _, name := range tenSpecs {
		specs[name] = specOf(t, name)
	}
	for _, name := range []string{"labels", "tied"} {
		spec, err := os.ReadFile(filepath.Join("testdata", "pytorch", name+".nn"))
		require.NoError(t, err)
		specs[name] = spec
	}
	parts := pythonParts(t)
	for name, spec := range specs {
		text, list, err := compiler.PyTorch(name+".nn", spec, compiler.PyTorchOptions{}, compiler.Options{Verify: true})
		require.NoError(t, err, name)
		require.Empty(t, list, name)
		for i, line := range strings.Split(string(text), "\n") {
			assert.LessOrEqual(t, utf8.RuneCountInString(line), 160, "%s:%d", name, i+1)
			assert.NotRegexp(t, `\{\{\w+\}\}`, line, "%s:%d", name, i+1)
		}
		got := modelsOwn(string(text), parts)
		path := filepath.Join("testdata", "pytorch", name+".py")
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			continue
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), got, name)
	}
}

// pythonParts is the text of all parts.
func pythonParts(t *testing.T) string {
	var all strings.Builder
	require.NoError(t, filepath.WalkDir("export/pytorch/parts", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	}))
	return all.String()
}

// modelsOwn is what stands in a program from its classes to the recipe, without what is there word for word in a part.
func modelsOwn(text, parts string) string {
	text, _, _ = strings.Cut(text[strings.Index(text, "# ---- The model"):], "# ---- Random numbers")
	var kept []string
	for _, block := range strings.Split(text, "\n\n\n") {
		if !strings.Contains(parts, strings.Trim(block, "\n")) {
			kept = append(kept, strings.Trim(block, "\n"))
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n\n\n")) + "\n"
}

// A program is the same each time that it is written.
func TestPyTorchIsDeterministic(t *testing.T) {
	spec := specOf(t, "bert-qa")
	first, _, err := compiler.PyTorch("bert-qa.nn", spec, compiler.PyTorchOptions{}, compiler.Options{})
	require.NoError(t, err)
	for range 3 {
		again, _, err := compiler.PyTorch("bert-qa.nn", spec, compiler.PyTorchOptions{}, compiler.Options{})
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	}
}

// What is wrong with a spec is said as `nnc check` says it.
func TestPyTorchOfWrongSpecs(t *testing.T) {
	text, list, err := compiler.PyTorch("wrong.nn", []byte("input x[4]\nlinaer 2\n"), compiler.PyTorchOptions{}, compiler.Options{})
	require.NoError(t, err)
	assert.Nil(t, text)
	require.True(t, list.HasErrors())
	assert.Equal(t, 2, list[0].Span.Start.Line)
}
