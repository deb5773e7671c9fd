package kernel

import "math"

// These elementary functions work in float64 with no fused operation, so that they give the same bits on every
// platform; math's have assembly on some. Rounded to float32, their errors are below 0.5001 units in the last
// place. The packages of the runtime above this one use them too. What works on many float32s uses those of
// functions_elementary.go, which have assembly.

const (
	log2e = 1.44269504088896338700e+00
	ln2Hi = 6.93147180369123816490e-01 // ln 2 with 32 bits, so that k·ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10
)

// Exp returns eˣ: x = k·ln 2 + r with |r| ≤ ln 2 / 2, and eˣ = 2ᵏ·Σ rⁱ/i! up to i = 12.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 700:
		return math.Inf(1)
	case x < -700:
		return 0
	}
	k := math.Floor(float64(x*log2e) + 0.5)
	r := x - float64(k*ln2Hi) - float64(k*ln2Lo)
	sum := 1.0 / 479001600
	for _, c := range [...]float64{1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
		1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1} {
		sum = float64(sum*r) + c
	}
	return sum * math.Float64frombits(uint64(int64(k)+1023)<<52)
}

// Log returns the natural logarithm of x, with an error below 2 units in the last place: x = 2ᵏ·m with √½ < m ≤ √2, and
// ln m = 2 artanh s with s = (m − 1)/(m + 1), |s| < 0.172, by its series up to s²³.
func Log(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x > math.MaxFloat64:
		return x
	}
	k := 0
	if x < 0x1p-1022 {
		x, k = x*0x1p52, -52
	}
	bits := math.Float64bits(x)
	k += int(bits>>52) - 1023
	m := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	if m > math.Sqrt2 {
		m /= 2
		k++
	}
	s := (m - 1) / (m + 1)
	s2 := float64(s * s)
	sum := 1.0 / 23
	for _, c := range [...]float64{1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1} {
		sum = float64(sum*s2) + c
	}
	return float64(float64(k)*ln2Hi) + (float64(float64(k)*ln2Lo) + float64(2*float64(s*sum)))
}

// Cos returns cos x for 0 ≤ x ≤ π, with an error below 2⁻⁵²: the cosine or the sine of the distance from the nearest
// quarter turn, at most π/4, by their series up to the 16th and 17th power.
func Cos(x float64) float64 {
	switch {
	case x <= math.Pi/4:
		return cosine(x)
	case x >= 3*math.Pi/4:
		return -cosine(math.Pi - x)
	}
	return sine(math.Pi/2 - x)
}

func sine(a float64) float64 {
	a2 := a * a
	sum := 1.0 / 355687428096000
	for _, c := range [...]float64{-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6, 1} {
		sum = float64(sum*a2) + c
	}
	return float64(a * sum)
}

func cosine(a float64) float64 {
	a2 := a * a
	sum := 1.0 / 20922789888000
	for _, c := range [...]float64{-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -1.0 / 2, 1} {
		sum = float64(sum*a2) + c
	}
	return sum
}
