package kernel

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// fmaByBig is x·y + z without any rounding but the last.
func fmaByBig(x, y, z float32) float32 {
	of := func(v float32) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(float64(v)) }
	sum := new(big.Float).SetPrec(1000)
	sum.Add(sum.Mul(of(x), of(y)), of(z))
	if sum.Sign() == 0 { // big knows the sign of sums of zeros otherwise
		return float32(float64(x)*float64(y) + float64(z))
	}
	v, _ := sum.Float32()
	return v
}

func TestFMAIsExact(t *testing.T) {
	stream := rng.New(1, "fma")
	word := func(i int) uint64 { return stream.Uint64(uint64(i)) }
	try := func(x, y, z float32) bool {
		want, got := fmaByBig(x, y, z), float32(fma(wide(x), wide(y), wide(z)))
		return assert.Equal(t, math.Float32bits(want), math.Float32bits(got), "%v·%v + %v is %v, not %v", x, y, z, want, got)
	}
	finite := func(bits uint64) float32 {
		if v := math.Float32frombits(uint32(bits)); v-v == 0 {
			return v
		}
		return 1
	}
	for i := range 200_000 {
		w, u := word(2*i), word(2*i+1)
		x, y, z := finite(w), finite(w>>32), finite(u)
		if !try(x, y, z) {
			return
		}
		// Sums near halfway: 24 bits of z, a half of its last place as the product, and something far below.
		z = math.Float32frombits(uint32(u)&0x807fffff | 127<<23)
		half := float32(0x1p-24)
		if i%2 == 0 {
			half = -half
		}
		if !try(half*(1+float32(w%5-2)*0x1p-23), 1+float32(w>>8%5-2)*0x1p-23, z) || !try(half, 1, z) {
			return
		}
		// Results below the normal numbers, from products that reach far below them.
		z = math.Float32frombits(uint32(u)&0x80000003 + uint32(w%3)<<22)
		x = math.Float32frombits(uint32(w)&0x80ffffff | uint32(20+w>>40%60)<<23)
		y = math.Float32frombits(uint32(w>>32)&0x80ffffff | uint32(20+w>>50%60)<<23)
		if !try(x, y, z) || !try(x, y, 0) {
			return
		}
	}
	huge, tiny, minus := float32(math.MaxFloat32), float32(math.SmallestNonzeroFloat32), float32(math.Copysign(0, -1))
	for _, x := range []float32{0, minus, 1, -1, 1.5, tiny, -tiny, 3 * tiny, huge, -huge, 0x1p-126, 0x1p-75, -0x1p-75, 0x1p-60, 0x1p127, 1 << 24} {
		for _, y := range []float32{0, minus, 1, -1, 0.5, tiny, huge, 0x1p-75, 0x1p-74, 1 + 0x1p-23} {
			for _, z := range []float32{0, minus, 1, tiny, -tiny, 3 * tiny, huge, -huge, 0x1p-126, -0x1p-126, 0x1p103, 1<<24 + 2} {
				try(x, y, z)
			}
		}
	}
	inf, nan := wide(math.Inf(1)), wide(math.NaN())
	for _, c := range [][3]wide{{inf, 0, 1}, {inf, 1, -inf}, {nan, 1, 1}, {1, 1, nan}} {
		assert.True(t, isNaN(float32(fma(c[0], c[1], c[2]))))
	}
	assert.Equal(t, -inf, fma(inf, -1, 5))
	for factor, want := range map[wide]wide{3: inf, 2: wide(huge)} { // in variables: constants would be folded, unfused
		assert.Equal(t, want, fma(wide(huge), factor, -wide(huge)))
	}
}

// Just below halfway between two float32s, float64 rounds to halfway, and that to the even one above.
func TestFMARoundsOnce(t *testing.T) {
	twice := 0
	for i := range 1 << 12 {
		x, y, z := float32(0x1p-24*(1+float64(i)*0x1p-23)), float32(1-float64(i)*0x1p-23), float32(1+0x1p-23)
		exact := fmaByBig(x, y, z)
		assert.Equal(t, exact, float32(fma(wide(x), wide(y), wide(z))))
		if exact != float32(float64(x)*float64(y)+float64(z)) {
			twice++
		}
	}
	assert.Greater(t, twice, 100, "the test sees no difference")

	// The same below the normal numbers: z is k·2⁻¹⁴⁹, the product just below or above a half of 2⁻¹⁴⁹.
	twice = 0
	for k := range uint32(1 << 10) {
		for _, up := range []float64{0, 1} {
			z := math.Float32frombits(k<<13 + k)
			x, y := float32(0x1p-75*(1+0x1p-23)), float32(0x1p-75*(1-0x1p-23+up*0x1p-23))
			exact := fmaByBig(x, y, z)
			assert.Equal(t, exact, float32(fma(wide(x), wide(y), wide(z))), "%v·%v + %v", x, y, z)
			if exact != float32(float64(x)*float64(y)+float64(z)) {
				twice++
			}
		}
	}
	assert.Greater(t, twice, 100, "the test sees no difference")
}
