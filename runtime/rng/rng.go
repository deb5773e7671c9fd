// Package rng makes the random numbers of initialisation, shuffling, dropout and noise.
//
// What comes in is a seed, a name and a position; what goes out is a number that depends on these three
// alone. There is no hidden state: two parts of a program that draw from one Stream do not disturb each
// other, and a run that resumes in the middle draws what the uninterrupted run would have drawn. The numbers
// are specified to the bit and are the same on every platform. The package knows nothing of models.
package rng

import "math/bits"

// Stream is a sequence of random numbers, found by its name under a seed. It is a value: copying it does
// not fork any state, because it has none.
type Stream struct{ key, first uint64 }

// From returns the stream without its first elements, which only kernels that fill arrays at some step take notice of: a
// mask or noise of rows that are part of a larger batch.
func (s Stream) From(first uint64) Stream {
	s.first += first
	return s
}

// First is the number of elements that From has left out.
func (s Stream) First() uint64 { return s.first }

// New returns the stream of that name under seed: its Philox key is mix(mix(seed) ^ FNV-1a(name)), where mix
// is the finaliser of SplitMix64 after adding its golden gamma.
func New(seed uint64, name string) Stream {
	hash := uint64(0xcbf29ce484222325)
	for i := range len(name) {
		hash = (hash ^ uint64(name[i])) * 0x100000001b3
	}
	return Stream{key: mix(mix(seed) ^ hash)}
}

func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Block returns the four words at position (hi, lo): Philox4x32-10 of the counter
// (lo, lo>>32, hi, hi>>32) under the stream's key.
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
func (s Stream) Block(hi, lo uint64) [4]uint32 {
	c0, c1, c2, c3 := uint32(lo), uint32(lo>>32), uint32(hi), uint32(hi>>32)
	k0, k1 := uint32(s.key), uint32(s.key>>32)
	for range 10 {
		h0, l0 := bits.Mul32(0xd2511f53, c0)
		h1, l1 := bits.Mul32(0xcd9e8d57, c2)
		c0, c1, c2, c3 = h1^c1^k0, l1, h0^c3^k1, l0
		k0 += 0x9e3779b9
		k1 += 0xbb67ae85
	}
	return [4]uint32{c0, c1, c2, c3}
}

// Uint64 returns the number at position i: the first two words of Block(0, i), low word first.
func (s Stream) Uint64(i uint64) uint64 {
	b := s.Block(0, i)
	return uint64(b[0]) | uint64(b[1])<<32
}

// Uniform fills dst with numbers in [-bound, bound): element i is k·2⁻²³·bound, rounded once, where k is
// word i mod 4 of Block(0, i/4), shifted right by 8, less 2²³.
func (s Stream) Uniform(dst []float32, bound float32) {
	for i := 0; i < len(dst); i += 4 {
		for j, word := range s.Block(0, uint64(i/4)) {
			if i+j < len(dst) {
				dst[i+j] = float32(int32(word>>8)-1<<23) * (1.0 / (1 << 23)) * bound
			}
		}
	}
}

// Perm returns a permutation of the integers in [0, n): Fisher–Yates from the last place down, where place i
// takes the entry at the high word of (i+1)·Uint64(i).
func (s Stream) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j, _ := bits.Mul64(uint64(i+1), s.Uint64(uint64(i)))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
