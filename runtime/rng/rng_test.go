package rng

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The known answers are those that the authors of Philox publish with Random123 (kat_vectors, philox4x32-10).
func TestBlockGivesThePublishedAnswers(t *testing.T) {
	for _, c := range []struct {
		hi, lo, key uint64
		want        [4]uint32
	}{
		{0, 0, 0, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{^uint64(0), ^uint64(0), ^uint64(0), [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{0x0370734413198a2e, 0x85a308d3243f6a88, 0x299f31d0a4093822, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		assert.Equal(t, c.want, Stream{key: c.key}.Block(c.hi, c.lo))
	}
}

func TestUniformFillsItsIntervalEvenly(t *testing.T) {
	const n, bound = 100_000, 0.25
	x := make([]float32, n)
	New(0, "linear1.weight").Uniform(x, bound)
	var sum, square float64
	for _, v := range x {
		assert.True(t, v >= -bound && v < bound)
		sum += float64(v)
		square += float64(v) * float64(v)
	}
	deviation := bound / math.Sqrt(3)
	assert.InDelta(t, 0, sum/n, 5*deviation/math.Sqrt(n))
	assert.InDelta(t, deviation, math.Sqrt(square/n), 0.01*deviation)
}

func TestUniformOfAPrefixIsAPrefix(t *testing.T) {
	long, short := make([]float32, 11), make([]float32, 6)
	New(3, "x").Uniform(long, 1)
	New(3, "x").Uniform(short, 1)
	assert.Equal(t, long[:6], short)
}

func TestStreamsDifferByNameAndSeed(t *testing.T) {
	a := New(0, "a").Uint64(0)
	assert.NotEqual(t, a, New(0, "b").Uint64(0))
	assert.NotEqual(t, a, New(1, "a").Uint64(0))
	assert.Equal(t, a, New(0, "a").Uint64(0))
}

func TestPermIsAFairPermutation(t *testing.T) {
	counts := map[[3]int]int{}
	for seed := range uint64(6000) {
		counts[[3]int(New(seed, "shuffle").Perm(3))]++
	}
	assert.Len(t, counts, 6)
	for p, n := range counts {
		assert.InDelta(t, 1000, n, 160, "%v", p) // five deviations
	}
	assert.Empty(t, New(0, "shuffle").Perm(0))
}

// Rounds are what a block is computed with, as their comment says.
func TestRoundsMakeBlocks(t *testing.T) {
	for seed := range uint64(100) {
		s := New(seed, "rounds")
		hi, lo := s.Uint64(0)>>(seed%64), s.Uint64(1)
		r := s.Rounds(hi, lo)
		for _, c := range []uint32{0, 1, uint32(lo), 1<<32 - 1} {
			c3, h := c*M0, uint32(uint64(c)*M0>>32)
			c2 := h ^ r[0][1]
			c1, h := c2*M1, uint32(uint64(c2)*M1>>32)
			c0 := h ^ r[1][0]
			c2 = c3 ^ r[1][1]
			for i := 2; i < len(r); i++ {
				p, q := uint64(c2)*M1, uint64(c0)*M0
				c0 = uint32(p>>32) ^ c1 ^ r[i][0]
				if c2 = uint32(q>>32) ^ r[i][1]; i > 2 {
					c2 ^= c3
				}
				c1, c3 = uint32(p), uint32(q)
			}
			assert.Equal(t, s.Block(hi, lo>>32<<32|uint64(c)), [4]uint32{c0, c1, c2, c3})
		}
	}
}

func TestFromAddsUp(t *testing.T) {
	s := New(1, "a")
	assert.Zero(t, s.First())
	assert.Equal(t, uint64(12), s.From(5).From(7).First())
	assert.Zero(t, s.First(), "a stream is a value")
	assert.Equal(t, s.Block(2, 3), s.From(5).Block(2, 3))
}
