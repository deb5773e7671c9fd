//go:build !purego

package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

//go:generate go run -C _asm . -file random -out ../random_amd64.s -stubs ../random_stubs_amd64.go -pkg kernel

// fillBatch is a number of elements that the assembly takes at once, whatever its width.
const fillBatch = 96

// assembly fills at most a tile from the stream's block at (step, block) on, if there is assembly for it.
func (f *filling) assembly(stream rng.Stream, step, block uint64) bool {
	if !avx2 {
		return false
	}
	rounds := stream.Rounds(step, block)
	whole := len(f.z) / fillBatch * fillBatch
	if whole > 0 {
		f.batches(whole, &rounds, block)
	}
	if whole < len(f.z) {
		var z, y, x [fillBatch]float32
		rest := *f
		rest.z = z[:]
		if f.x != nil {
			rest.y, rest.x = y[:], x[:]
			copy(rest.x, f.x[whole:])
		}
		rest.batches(fillBatch, &rounds, block+uint64(whole/4))
		copy(f.z[whole:], rest.z)
		if f.x != nil {
			copy(f.y[whole:], rest.y)
		}
	}
	return true
}

// batches fills so many elements, a multiple of fillBatch.
func (f *filling) batches(count int, r *rng.Rounds, block uint64) {
	z, rounds := &f.z[:count][0], (*[10][2]uint32)(r)
	switch f.kind {
	case asMask:
		dropoutMaskWide(z, count, rounds, block, f.threshold, f.scale)
	case asDropout:
		dropoutWide(z, count, rounds, block, &f.y[:count][0], &f.x[:count][0], f.threshold, f.scale)
	case asUniform:
		uniformWide(z, count, rounds, block, f.scale)
	case asNormal:
		normalWide(z, count, rounds, block, f.std)
	}
}
