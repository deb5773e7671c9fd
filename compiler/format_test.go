package compiler_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar"
)

// The formatter aligns the arguments of training statements. The grammar knows their words for that alone; they are
// those of the vocabulary.
func TestTrainingStatementsAreAligned(t *testing.T) {
	for _, w := range compiler.Words() {
		trains := w.Kind == "optimiser" || w.Kind == "setting" || w.Name == "loss" || w.Name == "metric"
		if !trains && w.Kind != "layer" || len(w.Name) == len("sgd") {
			continue
		}
		src := "sgd a\n" + w.Name + " b\n"
		out, list := grammar.Format("a.nn", []byte(src))
		require.Empty(t, list)
		lines := strings.Split(string(out), "\n")
		aligned := strings.Index(lines[0], " a") == strings.Index(lines[1], " b")
		assert.Equal(t, trains, aligned, "%s", out)
	}
}
