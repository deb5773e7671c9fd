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
