package compiler_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Every page shows a spec that gets the page's code and no other, and one that nothing is said about.
func TestExplainedExamples(t *testing.T) {
	codesOf := func(example diag.Example) (codes []string) {
		list, err := compiler.Check("example.nn", example.Source(), compiler.Options{Verify: true})
		require.NoError(t, err)
		for _, d := range list {
			codes = append(codes, d.Code)
		}
		return slices.Compact(codes)
	}
	for _, entry := range diag.Codes {
		t.Run(entry.Code, func(t *testing.T) {
			page, ok := diag.Explain(entry.Code)
			require.True(t, ok)
			assert.Equal(t, []string{entry.Code}, codesOf(page.Wrong), "the wrong example:\n%s", page.Wrong.Text)
			assert.Empty(t, codesOf(page.Right), "the right example:\n%s", page.Right.Text)
		})
	}
}

// No page is left over, and all fit a terminal.
func TestExplainPages(t *testing.T) {
	files, err := filepath.Glob("../grammar/diag/explain/*")
	require.NoError(t, err)
	assert.Len(t, files, len(diag.Codes))
	for _, entry := range diag.Codes {
		page, ok := diag.Explain(entry.Code)
		require.True(t, ok, entry.Code)
		assert.Equal(t, entry, page.Entry)
		for line := range strings.Lines(page.Text) {
			assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), 80, "%s: %s", entry.Code, line)
		}
	}
	_, ok := diag.Explain("NN999")
	assert.False(t, ok)
}
