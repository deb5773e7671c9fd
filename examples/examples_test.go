// Package examples_test checks that the code committed in the examples is what their specs compile to.
package examples_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

func TestCommittedCodeIsCurrent(t *testing.T) {
	specs, err := filepath.Glob("*/*.nn")
	require.NoError(t, err)
	require.NotEmpty(t, specs)
	for _, path := range specs {
		t.Run(path, func(t *testing.T) {
			spec, err := os.ReadFile(path)
			require.NoError(t, err)
			out, list, err := compiler.Compile(filepath.Base(path), spec, compiler.Options{Package: "main", Verify: true})
			require.NoError(t, err)
			require.Empty(t, list)
			code := strings.TrimSuffix(path, ".nn") + "_nn"
			files := map[string][]byte{code + ".go": out.Code, code + "_test.go": out.Test}
			// The models of versus are those of the others, and compared with PyTorch; the gradients of the residual net and of BERT
			// take minutes to check.
			if filepath.Dir(path) == "versus" || slices.Contains([]string{"digits/resnet.nn", "answer/bert-qa.nn"}, path) {
				delete(files, code+"_test.go")
			}
			for name, want := range files {
				got, err := os.ReadFile(name)
				require.NoError(t, err)
				assert.True(t, bytes.Equal(want, got), "%s is not what nnc writes now: go generate ./examples/...", name)
			}
		})
	}
}
