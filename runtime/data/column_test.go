package data

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Which deviations are rounding only is decided as scikit-learn's StandardScaler decides it (scale_ of 1.9.1 is in
// the table).
func TestConstantButForRounding(t *testing.T) {
	for name, tt := range map[string]struct {
		values []float64
		scale  float64
	}{
		"equal":                 {[]float64{3, 3, 3}, 1},
		"last bits of a tenth":  {[]float64{0.1, 0.1 + 0x1p-56, 0.1, 0.1 + 0x1p-56}, 1},
		"a tenth and more":      {[]float64{0.1, 0.1 + 1e-12, 0.1, 0.1 + 1e-12}, 5.0e-13},
		"last bits of a time":   {[]float64{1.7e9, 1.7e9 + 2e-7, 1.7e9, 1.7e9 + 2e-7}, 1},
		"milliseconds of a day": {[]float64{1.7e9, 1.7e9 + 1e-3, 1.7e9, 1.7e9 + 1e-3}, 5e-4},
	} {
		t.Run(name, func(t *testing.T) {
			rows := make([]int, len(tt.values))
			for i := range rows {
				rows[i] = i
			}
			c := Column{Name: "x", Kind: KindNumber}
			require.NoError(t, c.Measure(tt.values, rows))
			assert.InEpsilon(t, tt.scale, c.Deviation, 1e-3)
			assert.False(t, math.IsNaN(c.Mean))
		})
	}
}

// pandas writes True into CSV, and true into JSON as services do.
func TestTruthValuesInAllTheirWays(t *testing.T) {
	c := Column{Name: "garden", Kind: KindClass, Classes: []string{"False", "True"}}
	c.prepare(ScaleStandard)
	for cell, want := range map[string][]float32{
		"False": {1, 0}, "false": {1, 0}, "FALSE": {1, 0}, "True": {0, 1}, " true": {0, 1}, "TRUE": {0, 1}, "tRUE": {0, 0}, "": {0, 0},
	} {
		dst := []float32{9, 9}
		require.NoError(t, c.encode(dst, &Writing{}, cell))
		assert.Equal(t, want, dst, "%q", cell)
		assert.Equal(t, cell == "tRUE", c.Unseen(cell), "%q", cell)
	}
	c = Column{Name: "mixed", Kind: KindClass, Classes: []string{"FALSE", "TRUE", "true"}, Absent: []string{"FALSE"}}
	c.prepare(ScaleStandard)
	for cell, seen := range map[string]bool{"TRUE": true, "true": true, "True": false, "FALSE": false, "false": false} {
		_, ok := c.Class(cell)
		assert.Equal(t, seen, ok, "%q", cell)
	}
}
