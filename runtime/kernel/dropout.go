package kernel

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// DropoutMask fills n·size elements: element i of the step is 0 if word i mod 4 of the stream's block at
// (step, i/4) is below probability·2³², else 1/(1 − probability).
func DropoutMask(p *Pool, mask []float32, step uint64, stream rng.Stream, n, size int, probability float64) {
	m := masking{
		mask: mask[:n*size], step: step, stream: stream,
		threshold: uint64(float64(probability * (1 << 32))), kept: float32(1 / (1 - probability)),
	}
	tiles := (len(m.mask) + fillTile - 1) / fillTile
	if p != nil && tiles >= 2 {
		p.run(job{tile: func(j *job, tile int) { j.masking.tile(tile) }, masking: m}, tiles)
		return
	}
	for tile := range tiles {
		m.tile(tile)
	}
}

// masking is the making of a mask.
type masking struct {
	mask      []float32
	step      uint64
	stream    rng.Stream
	threshold uint64
	kept      float32
}

// tile makes some elements of the mask.
func (m *masking) tile(tile int) {
	mask, block := m.mask[tile*fillTile:min((tile+1)*fillTile, len(m.mask))], uint64(tile)*(fillTile/4)
	if m.threshold <= math.MaxUint32 {
		f := filling{kind: asMask, threshold: uint32(m.threshold), scale: m.kept}
		if f.fill(mask, m.stream, m.step, block) {
			return
		}
	}
	for i := 0; i < len(mask); i += 4 {
		for j, word := range m.stream.Block(m.step, block+uint64(i/4)) {
			if i+j == len(mask) {
				break
			}
			mask[i+j] = m.kept
			if uint64(word) < m.threshold {
				mask[i+j] = 0
			}
		}
	}
}
