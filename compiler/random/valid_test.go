package random

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// Each spec that is drawn has no error.
func TestSpecsAreValid(t *testing.T) {
	for seed := range 300 {
		spec := specs(mostLong).Example(seed)
		list, err := compiler.Check("random.nn", []byte(spec), compiler.Options{})
		require.NoError(t, err, spec)
		require.NoError(t, list.Err(), "seed %d:\n%s", seed, spec)
	}
}
