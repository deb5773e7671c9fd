package kernel

import "unsafe"

// terms returns the sum of at most 4,096 terms f(x, y, u) in Lanes.
type terms struct {
	portable func(x, y, u []float32, c constants) float32
	wide     assembledTerms
}

// assembledTerms are terms in assembly.
type assembledTerms func(x, y, u *float32, c0, c1, c2, c3 float32, count int) float32

// mean returns the mean of all terms, added as Sum adds.
func (f terms) mean(p *Pool, x, y, u []float32, c constants) float32 {
	b := blocks{f: f, x: x, y: y, u: u, c: c}
	return b.total(p) / float32(len(x))
}

// blocksTogether is the number of blocks of a tile.
const blocksTogether = 4

// blocks is what a kernel works on that reduces whole arrays to one sum of terms f(x, y, u), or of x² without f. u may be nil.
type blocks struct {
	f       terms
	x, y, u []float32
	c       constants
	sums    *partSums // of blocks from the term first on
	first   int
}

// total returns the sum of all terms.
func (b *blocks) total(p *Pool) (total float32) {
	if p == nil || len(b.x) < worthMapping {
		for from := 0; from < len(b.x); from += blocksTogether * laneBlock {
			var sums [blocksTogether]float32
			for _, v := range b.compute(sums[:], from) {
				total += v
			}
		}
		return total
	}
	b.sums = &p.crew.sums
	for ; b.first < len(b.x); b.first += len(b.sums) * laneBlock {
		count := min(len(b.sums), blocksOf(len(b.x)-b.first))
		p.run(job{tile: func(j *job, tile int) { j.blocks.share(tile) }, blocks: *b}, (count+blocksTogether-1)/blocksTogether)
		for _, v := range b.sums[:count] {
			total += v
		}
	}
	return total
}

// blocksOf returns the number of blocks that so many terms make.
func blocksOf(terms int) int { return (terms + laneBlock - 1) / laneBlock }

// share computes the sums of a tile.
func (b *blocks) share(tile int) {
	b.compute(b.sums[tile*blocksTogether:], b.first+tile*blocksTogether*laneBlock)
}

// compute writes the sums of some blocks, from the term from on, and returns those.
func (b *blocks) compute(sums []float32, from int) []float32 {
	x := b.x[from:min(from+blocksTogether*laneBlock, len(b.x))]
	sums = sums[:blocksOf(len(x))]
	if b.f.portable == nil {
		squares(sums, x)
		return sums
	}
	for i := range sums {
		to := min(from+laneBlock, len(b.x))
		x, y, u, c := b.x[from:to], b.y[from:to], b.u, &b.c
		if u != nil {
			u = u[from:to]
		}
		if avx2 {
			sums[i] = b.f.wide(&x[0], &y[0], unsafe.SliceData(u), c[0], c[1], c[2], c[3], len(x))
		} else {
			sums[i] = b.f.portable(x, y, u, *c)
		}
		from = to
	}
	return sums
}

// squares computes Σ x² of each block.
func squares(sums, x []float32) {
	clear(sums)
	whole := len(x) / laneBlock
	if whole > 0 {
		addDots(sums[:whole], x, x, whole, laneBlock)
	}
	if rest := x[whole*laneBlock:]; len(rest) > 0 {
		addDots(sums[whole:], rest, rest, 1, len(rest))
	}
}
