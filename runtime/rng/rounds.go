package rng

import "math/bits"

// Rounds are the words that the first and the third word of a counter meet in each of the ten rounds of Philox, besides
// what depends on the counter's first word, in the blocks whose positions (hi, lo) differ in the lower half of lo alone.
// With it, and with the counter's first word c, a block is:
//
//	round 0   c3, h = M0·c; c2 = h ^ [0][1]
//	round 1   c1, h = M1·c2; c0 = h ^ [1][0]; c2 = c3 ^ [1][1]
//	round 2   c1, h = M1·c2; c3, g = M0·c0; c0 = h ^ c1 before ^ [2][0]; c2 = g ^ [2][1]
//	others    the same, but c2 = g ^ c3 before ^ [i][1]
//
// where a product's lower half is named first.
type Rounds [10][2]uint32

// M0 and M1 are the multipliers of Philox4x32, of a counter's first and third word.
const (
	M0 = 0xd2511f53
	M1 = 0xcd9e8d57
)

// Rounds returns what is the same for all blocks at (hi, lo) with the same upper half of lo.
func (s Stream) Rounds(hi, lo uint64) (r Rounds) {
	k0, k1 := uint32(s.key), uint32(s.key>>32)
	for i := range r {
		r[i] = [2]uint32{k0, k1}
		k0 += 0x9e3779b9
		k1 += 0xbb67ae85
	}
	h1, l1 := bits.Mul32(M1, uint32(hi))
	h0, l0 := bits.Mul32(M0, h1^uint32(lo>>32)^r[0][0])
	r[0] = [2]uint32{0, uint32(hi>>32) ^ r[0][1]}
	r[1] = [2]uint32{l1 ^ r[1][0], h0 ^ r[1][1]}
	r[2][1] ^= l0
	return r
}
