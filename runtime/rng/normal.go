package rng

import "math"

// Normal fills dst with numbers from the normal distribution around 0 with the standard deviation std: elements i
// and i+1, for even i, are r·cos(2πv)·std and r·sin(2πv)·std, rounded once to float32, with r = √(−2 ln u). Where
// a and b are words i mod 4 and i mod 4 + 1 of Block(0, i/4), u = (a + ½)·2⁻³² and v = b·2⁻³². What is not exact
// is computed in float64 with no fused operation, the same on every platform.
//
// Source: Box, Muller, "A note on the generation of random normal deviates", 1958.
func (s Stream) Normal(dst []float32, std float32) {
	for i := 0; i < len(dst); i += 4 {
		for j, v := range s.Normals(0, uint64(i/4)) {
			if i+j < len(dst) {
				dst[i+j] = float32(v * float64(std))
			}
		}
	}
}

// Normals returns four independent numbers from the standard normal distribution: what Normal makes of the words of
// Block(hi, lo) instead of those of Block(0, i/4), before it multiplies by std.
func (s Stream) Normals(hi, lo uint64) (z [4]float64) {
	words := s.Block(hi, lo)
	z[0], z[1] = gaussian(words[0], words[1])
	z[2], z[3] = gaussian(words[2], words[3])
	return z
}

// gaussian returns two independent numbers from the standard normal distribution.
func gaussian(a, b uint32) (x, y float64) {
	r := math.Sqrt(-2 * ln((float64(a)+0.5)*0x1p-32))
	cos, sin := circle(b)
	return float64(r * cos), float64(r * sin)
}

// ln returns the natural logarithm of a u in (0, 1): u = 2ᵏ·m with √½ ≤ m < √2, and ln m = 2 artanh s with
// s = (m − 1)/(m + 1), |s| < 0.172, by its series up to s²¹.
func ln(u float64) float64 {
	const (
		ln2Hi = 6.93147180369123816490e-01 // ln 2 with 32 bits, so that k·ln2Hi is exact
		ln2Lo = 1.90821492927058770002e-10
	)
	bits := math.Float64bits(u)
	k := int(bits>>52) - 1023
	m := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	if m > math.Sqrt2 {
		m /= 2
		k++
	}
	s := (m - 1) / (m + 1)
	artanh := float64(s * series(float64(s*s), 1, 1.0/3, 1.0/5, 1.0/7, 1.0/9, 1.0/11, 1.0/13, 1.0/15, 1.0/17, 1.0/19, 1.0/21))
	return float64(float64(k)*ln2Hi) + (float64(float64(k)*ln2Lo) + 2*artanh)
}

// circle returns the cosine and the sine of b/2³² of a turn: of the angle to the nearest quarter, by their series
// up to the 16th power, turned by that quarter.
func circle(b uint32) (cos, sin float64) {
	quarter := (b + 1<<29) >> 30
	x := float64(int32(b-quarter<<30)) * (math.Pi / 2 / (1 << 30))
	x2 := float64(x * x)
	cos = series(x2, 1, -1.0/2, 1.0/24, -1.0/720, 1.0/40320, -1.0/3628800, 1.0/479001600, -1.0/87178291200, 1.0/20922789888000)
	sin = float64(x * series(x2, 1, -1.0/6, 1.0/120, -1.0/5040, 1.0/362880, -1.0/39916800, 1.0/6227020800, -1.0/1307674368000))
	switch quarter {
	case 1:
		return -sin, cos
	case 2:
		return -cos, -sin
	case 3:
		return sin, -cos
	}
	return cos, sin
}

// Turn returns the cosine and the sine of b/2³² of a turn, to within two units in the last place of 1, the same on every
// platform.
func Turn(b uint32) (cos, sin float64) { return circle(b) }

// series returns c₀ + c₁·x + c₂·x² + …, from the last coefficient down.
func series(x float64, coefficients ...float64) float64 {
	sum := 0.0
	for i := len(coefficients) - 1; i >= 0; i-- {
		sum = float64(sum*x) + coefficients[i]
	}
	return sum
}
