package data

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A time in seconds keeps its seconds, though float32 knows such numbers only in steps of 128.
func TestUnitOfALargeOffset(t *testing.T) {
	seconds := unit{shift: 1.7e9 + 1800, divisor: 1040}
	y := seconds.model(1700000123)
	assert.InDelta(t, 1700000123, seconds.value(float64(y)), 1e-4)
	assert.InDelta(t, 1700000123, seconds.shortest(float64(y)), 1e-4)
	assert.Equal(t, "1700000123", strconv.FormatFloat(seconds.shortest(float64(y)), 'f', -1, 64))
}

// The digits written tell the model value from its neighbours, and one digit less does not.
func TestShortestTellsTheModelValue(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		u := unit{
			shift:   random.NormFloat64() * math.Pow(10, float64(random.IntN(20)-8)),
			divisor: math.Abs(random.NormFloat64())*math.Pow(10, float64(random.IntN(16)-8)) + 1e-30,
		}
		y := float32(random.NormFloat64() * math.Pow(10, float64(random.IntN(6)-4)))
		v := u.value(float64(y))
		w := u.shortest(float64(y))
		if u.model(v) != y {
			continue // float64 has not the digits for this offset: the value itself is all there is
		}
		require.Equal(t, y, u.model(w), "%v of %v as %v", y, u, w)
		digits := len(new(big.Float).SetFloat64(math.Abs(w)).Text('e', -1)) - len(".e+00")
		if digits < 2 || digits > 16 {
			continue
		}
		fewer, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-2, 64), 64)
		require.NoError(t, err)
		assert.NotEqual(t, y, u.model(fewer), "%v of %v as %v, but %v would do", y, u, w, fewer)
	}
	assert.Equal(t, 0.1, unit{divisor: 1}.shortest(float64(float32(0.1))))
	assert.True(t, math.IsNaN(unit{1, 2}.shortest(math.NaN())))
	assert.True(t, math.IsInf(unit{1, 1e300}.shortest(1e30), 1))
}
