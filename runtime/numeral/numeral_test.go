package numeral

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.123456: "0.1235", -1.5: "-1.5", 999.94: "999.9", 1000: "1000.0", -26183.24: "-26183.2", 1e9: "1e+09", 1e-7: "1e-07",
		math.Inf(1): "+Inf",
	} {
		assert.Equal(t, want, Short(v))
	}
}
