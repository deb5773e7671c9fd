package kernel

const (
	// weightTerms is the largest number of terms of a weight of which a tile computes the gradient: what it gathers of a block
	// of positions stays in the second-level cache.
	weightTerms = 192

	// fewWeightTerms is how many are enough for a tile where there would be few tiles, and enoughWeightTiles how many tiles are
	// enough: each reads all of the images, or of the other operand.
	fewWeightTerms, enoughWeightTiles = 36, 4
)

// runWeights computes the gradient of the weight of a sliding product with one phase: C is the gradient, B [n, rows, across,
// columns of all groups] that of what the product computes. It is itself a product, whose terms are positions.
func (s *sliding) runWeights(p *Pool) {
	terms, strips := s.terms(), s.strips()
	if s.n*s.rows.size*s.across.size == 0 || terms == 0 { // sums of no terms, or none
		clear(s.c[:s.groups*s.columns*terms])
		return
	}
	if s.isDepthwise() {
		s.runDepthwiseWeights(p)
		return
	}
	chunks, shares := (terms+weightTerms-1)/weightTerms, 1
	for s.groups*chunks*shares < enoughWeightTiles && shares < strips {
		shares++
	}
	for s.groups*chunks*shares < enoughWeightTiles && terms > fewWeightTerms*chunks {
		chunks++
	}
	s.cut = slidingCut{chunks: chunks, height: ((terms+chunks-1)/chunks + 5) / 6 * 6, shares: shares}
	if w := s.window(0, 0); s.bandsOfBlocks(&w) {
		segment := w.across.taps * w.channels
		s.cut.height = (terms/segment + chunks - 1) / chunks * segment
	}
	tiles := s.groups * chunks * shares
	if tiles > 1 && p.shared(s.n*s.rows.size*s.across.size*s.columns*s.groups*terms) {
		p.run(job{tile: slidingWeightsTile, sliding: *s}, tiles)
		return
	}
	for tile := range tiles {
		s.weightsTile(tile)
	}
}

// bandsOfBlocks reports whether a block of positions, none of which is of another image, has a band.
func (s *sliding) bandsOfBlocks(w *window) bool {
	positions := w.positions()
	return w.banded() && w.across.taps*w.channels > lowRows && (s.n == 1 || 2*positions > block) &&
		w.bandOf(min(w.rows.positions, block/w.across.positions+2)) <= chunk*stridePacked
}

func slidingWeightsTile(j *job, tile int) { j.sliding.weightsTile(tile) }

// weightsTile computes some terms of some strips of a group, block after block of positions.
func (s *sliding) weightsTile(tile int) {
	share, tile := tile%s.cut.shares, tile/s.cut.shares
	group, chunk := tile/s.cut.chunks, tile%s.cut.chunks
	terms, strips, size := s.terms(), s.strips(), s.columns*s.groups
	first := chunk * s.cut.height
	end := min(first+s.cut.height, terms)
	if first >= end {
		return
	}
	w := s.window(0, group)
	room := borrow()
	defer room.giveBack()
	if s.bandsOfBlocks(&w) {
		s.bandedWeights(&w, room, group, first, end, share*strips/s.cut.shares*panel, min((share+1)*strips/s.cut.shares*panel, s.columns))
		return
	}
	a, apart := room.left(), (end-first+7)/8*8+slack
	for from, all := 0, s.n*w.positions(); from < all; {
		to := blockEnd(from, all, w.positions())
		w.gather(a, apart, from, to, first, end)
		for column := share * strips / s.cut.shares * panel; column < min((share+1)*strips/s.cut.shares*panel, s.columns); column += panel {
			width := min(panel, s.columns-column)
			one := strip{rows: end - first, columns: width, terms: to - from, rowA: 1, termA: apart, termB: size, rowC: width, first: from == 0}
			one.run(s.c[(group*s.columns+column)*terms+first*width:], a, s.b[from*size+group*s.columns+column:], nil)
		}
		from = to
	}
}
