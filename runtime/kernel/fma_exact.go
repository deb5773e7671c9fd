//go:build !arm64

package kernel

import "math"

// wide is what sums of products are computed in. Here it is float64, where the product of two float32s is exact.
// In most cases the sum, rounded to float64, is on the same side of every boundary between two float32s as the exact
// one; then rounding it to float32 is all that is left to do.
type wide = float64

// doubtful tells whether rounding s to float32 may differ from rounding a number very near to it: if it lies halfway
// between two float32s. Then its last 28 bits are 0 and the one before is 1; below the normal float32s, it is not.
func doubtful(s wide) bool {
	const smallestNormal = (1023 - 126) << 52
	bits := math.Float64bits(s)
	return bits<<36 == 0 && (bits<<35 != 0 || bits<<1 < smallestNormal<<1)
}

// toOdd returns p + z rounded to odd, where s, whose last bit is 0, is the sum rounded to nearest: if that is not
// exact, the neighbour on the side of the exact sum. Rounding this to float32 rounds p + z to float32, since float64
// has more than two bits more.
//
// Source: Boldo, Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd",
// 2008. The error of the sum is Knuth's.
func toOdd(s, p, z wide) wide {
	t := s - p
	e := (p - (s - t)) + (z - t)
	bits := math.Float64bits(s)
	switch {
	case e == 0:
	case (e > 0) == (s > 0):
		bits++
	default:
		bits--
	}
	return math.Float64frombits(bits)
}
