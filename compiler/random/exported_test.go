package random

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// unfilled is what a text of a rule has where something is to stand.
var unfilled = regexp.MustCompile(`\{(\d+|m|stream)\}|\{\{\w+\}\}`)

// TestEverythingIsExported writes random models as programs of PyTorch: there is a rule for whatever the language has, since
// everything is drawn. What they compute, TestPyTorchAgrees compares.
func TestEverythingIsExported(t *testing.T) {
	count, first, statements := setting(t, "NNC_MODELS", models/4), setting(t, "NNC_SEED", 1), setting(t, "NNC_STATEMENTS", most)
	for seed := first; seed < first+count; seed++ {
		spec := specs(statements).Example(seed)
		text, list, err := compiler.PyTorch("random.nn", []byte(spec), compiler.PyTorchOptions{}, compiler.Options{Verify: true})
		require.NoError(t, err, "seed %d\n%s", seed, spec)
		require.False(t, list.HasErrors(), "seed %d: %v\n%s", seed, list, spec)
		if found := unfilled.Find(text); !assert.Nil(t, found, "seed %d: %s\n%s", seed, found, spec) {
			return
		}
	}
}
