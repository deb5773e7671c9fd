package kernel

// blocksTogether is the number of blocks of a tile.
const blocksTogether = 4

// blocks is what a kernel works on that reduces whole arrays, some blocks of terms to a tile.
type blocks struct {
	x    []float32
	sums *partSums
}

// blocksOf returns the number of blocks that so many terms make.
func blocksOf(terms int) int { return (terms + laneBlock - 1) / laneBlock }

// blocks has the pool's workers compute the sum of each block, of as many as there are partSums at most.
func (p *Pool) blocks(tile func(j *job, tile int), b blocks) []float32 {
	b.sums = &p.crew.sums
	count := blocksOf(len(b.x))
	p.run(job{tile: tile, blocks: b}, (count+blocksTogether-1)/blocksTogether)
	return p.crew.sums[:count]
}

// of returns where the sums of a tile stand, and which terms are its.
func (b *blocks) of(tile int) (sums []float32, from, to int) {
	const each = blocksTogether * laneBlock
	from = tile * each
	return b.sums[tile*blocksTogether:], from, min(from+each, len(b.x))
}
