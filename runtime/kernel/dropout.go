package kernel

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// DropoutMask fills n·size elements: element i of the step is 0 if word i mod 4 of the stream's block at
// (step, i/4) is below probability·2³², else 1/(1 − probability). The first one is element stream.First() of the step.
func DropoutMask(p *Pool, mask []float32, step uint64, stream rng.Stream, n, size int, probability float64) {
	p.mask(masking{mask: mask[:n*size], step: step, stream: stream}, probability)
}

// Dropout is DropoutMask and y = x ∘ mask in one pass. All arrays may be the same, y then being what stands there at the end.
func Dropout(p *Pool, mask, y, x []float32, step uint64, stream rng.Stream, n, size int, probability float64) {
	p.mask(masking{mask: mask[:n*size], y: y[:n*size], x: x[:n*size], step: step, stream: stream}, probability)
}

// masking is the making of a mask, and of its products with x unless that is nil.
type masking struct {
	mask, y, x []float32
	step       uint64
	stream     rng.Stream
	threshold  uint64
	kept       float32
}

// mask makes the mask, tile by tile.
func (p *Pool) mask(m masking, probability float64) {
	m.threshold, m.kept = uint64(float64(probability*(1<<32))), float32(1/(1-probability))
	tiles := (len(m.mask) + fillTile - 1) / fillTile
	if p != nil && tiles >= 2 {
		p.run(job{tile: func(j *job, tile int) { j.masking.tile(tile) }, masking: m}, tiles)
		return
	}
	for tile := range tiles {
		m.tile(tile)
	}
}

// tile makes some elements of the mask.
func (m *masking) tile(tile int) {
	from, to := tile*fillTile, min((tile+1)*fillTile, len(m.mask))
	f := filling{kind: asMask, z: m.mask[from:to], scale: m.kept}
	if m.x != nil {
		f.kind, f.y, f.x = asDropout, m.y[from:to], m.x[from:to]
	}
	first := m.stream.First() + uint64(from)
	block, skipped := first/4, int(first%4)
	if skipped == 0 && m.threshold <= math.MaxUint32 && block>>32 == (block+fillTile/4)>>32 {
		if f.threshold = uint32(m.threshold); f.assembly(m.stream, m.step, block) {
			return
		}
	}
	for i := -skipped; i < len(f.z); i += 4 {
		for j, word := range m.stream.Block(m.step, block+uint64((i+skipped)/4)) {
			at := i + j
			if at < 0 || at >= len(f.z) {
				continue
			}
			v := m.kept
			if uint64(word) < m.threshold {
				v = 0
			}
			if m.x == nil {
				f.z[at] = v
				continue
			}
			x := f.x[at]
			f.z[at] = v
			f.y[at] = x * v
		}
	}
}
