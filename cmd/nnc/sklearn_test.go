package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What docs/sklearn/from_sklearn.py made of fitted pipelines predicts what scikit-learn does: docs/sklearn/make.py.
func TestScikitLearn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	dir := filepath.Join("..", "..", "docs", "sklearn", "testdata")
	specs, err := filepath.Glob(filepath.Join(dir, "*.nn"))
	require.NoError(t, err)
	require.NotEmpty(t, specs)
	for _, spec := range specs {
		base := strings.TrimSuffix(spec, ".nn")
		t.Run(filepath.Base(base), func(t *testing.T) {
			var out, said strings.Builder
			code := run([]string{"predict", spec, "--weights", base + ".safetensors", "--data", base + ".csv"}, strings.NewReader(""), &out, &said)
			require.Zero(t, code, said.String())
			have, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
			require.NoError(t, err)
			text, err := os.ReadFile(base + ".want.csv")
			require.NoError(t, err)
			want, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
			require.NoError(t, err)
			require.Len(t, have, len(want))
			for j, name := range want[0] {
				column := slices.Index(have[0], name)
				require.GreaterOrEqual(t, column, 0, "%s among %v", name, have[0])
				for i := 1; i < len(want); i++ {
					ours, theirs := have[i][column], want[i][j]
					x, err := strconv.ParseFloat(theirs, 64)
					if err != nil {
						assert.Equal(t, theirs, ours, "%s, row %d", name, i)
						continue
					}
					y, err := strconv.ParseFloat(ours, 64)
					require.NoError(t, err)
					assert.InDelta(t, x, y, 2e-5*math.Max(1, math.Abs(x)), "%s, row %d", name, i)
				}
			}
		})
	}
}
