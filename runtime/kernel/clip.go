package kernel

import "math"

// ClipScale returns the factor that cuts the L2 norm of all gradients together to most, and 1 where it is smaller:
// min(1, most/(norm + 1e-6)). It is NaN if an element is.
func ClipScale(p *Pool, grads [][]float32, most float64) float32 {
	total := 0.0
	for _, g := range grads {
		total += float64(p.squares(g))
	}
	return float32(min(1, most/(math.Sqrt(total)+1e-6)))
}

// squares returns Σ x².
func (p *Pool) squares(x []float32) (total float32) {
	if p == nil || len(x) < worthMapping {
		var sums [blocksTogether]float32
		for len(x) > 0 {
			part := x[:min(len(x), blocksTogether*laneBlock)]
			for _, v := range squares(sums[:], part) {
				total += v
			}
			x = x[len(part):]
		}
		return total
	}
	for len(x) > 0 {
		part := x[:min(len(x), len(partSums{})*laneBlock)]
		for _, v := range p.blocks(func(j *job, tile int) { j.blocks.squares(tile) }, blocks{x: part}) {
			total += v
		}
		x = x[len(part):]
	}
	return total
}

// squares computes the sums of the blocks of a tile.
func (b *blocks) squares(tile int) {
	sums, from, to := b.of(tile)
	squares(sums, b.x[from:to])
}

// squares writes Σ x² of each block to sums, and returns those.
func squares(sums, x []float32) []float32 {
	whole := len(x) / laneBlock
	sums = sums[:blocksOf(len(x))]
	clear(sums)
	addDots(sums[:whole], x, x, whole, laneBlock)
	if rest := x[whole*laneBlock:]; len(rest) > 0 {
		addDots(sums[whole:], rest, rest, 1, len(rest))
	}
	return sums
}
