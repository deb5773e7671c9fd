//go:build !purego

package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

//go:generate go run -C _asm . -file random -out ../random_amd64.s -stubs ../random_stubs_amd64.go -pkg kernel

// fillBatch is a number of elements that the assembly takes at once, whatever its width.
const fillBatch = 96

// fill fills z, at most a tile, with numbers from the stream's blocks at (step, block) and behind, if there is assembly for it.
func (f *filling) fill(z []float32, stream rng.Stream, step, block uint64) bool {
	if !avx2 {
		return false
	}
	rounds := stream.Rounds(step, block)
	whole := len(z) / fillBatch * fillBatch
	if whole > 0 {
		f.batches(&z[0], whole, &rounds, block)
	}
	if whole < len(z) {
		var rest [fillBatch]float32
		f.batches(&rest[0], fillBatch, &rounds, block+uint64(whole/4))
		copy(z[whole:], rest[:])
	}
	return true
}

// batches fills so many elements, a multiple of fillBatch.
func (f *filling) batches(z *float32, count int, r *rng.Rounds, block uint64) {
	rounds := (*[10][2]uint32)(r)
	switch f.kind {
	case asMask:
		dropoutMaskWide(z, count, rounds, block, f.threshold, f.scale)
	case asUniform:
		uniformWide(z, count, rounds, block, f.scale)
	case asNormal:
		normalWide(z, count, rounds, block, f.std)
	}
}
