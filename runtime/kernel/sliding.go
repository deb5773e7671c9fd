package kernel

// sliding is a product C = A·B + bias whose A is what a kernel that slides over images meets: a row for each position, which
// is gathered as it is needed. A is [n, height, width, channels], C [n, rows, across, columns of all groups]. B has a
// matrix [terms, columns] for each group in panels; where there are phases, the terms of each follow each other.
type sliding struct {
	c, a, b, bias           []float32
	n, groups               int
	height, width, channels int // of A
	columns                 int // of a group of C
	rows, across            axis
	cut                     slidingCut
}

// slidingCut is how it is cut into tiles: in each phase positions into chunks of one height, and the strips of all groups
// into shares.
type slidingCut struct{ chunks, height, shares int }

const (
	// gathered is how many elements of A a tile should gather at a time: they stay in the first-level cache.
	gathered = 8192

	// leastGathered is the smallest number of positions of a tile, for which B is read once.
	leastGathered = 24
)

// run computes the product, and for each part of the result that is complete the maps that follow.
func (s *sliding) run(p *Pool, maps []Map) {
	if s.isDepthwise() {
		s.runDepthwise(p, maps)
		return
	}
	tiles := s.tiles()
	if tiles > 1 && p.shared(s.n*s.rows.size*s.across.size*s.columns*s.groups*s.terms()/(s.rows.phases*s.across.phases)) {
		j := job{tile: slidingTile, sliding: *s}
		j.follow(maps)
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		s.tile(tile, maps)
	}
}

func slidingTile(j *job, tile int) { j.sliding.tile(tile, j.maps[:j.followed]) }

// terms returns the number of terms of all phases.
func (s *sliding) terms() int { return s.rows.kernel * s.across.kernel * s.channels / s.groups }

// tiles cuts the product and returns the number of tiles.
func (s *sliding) tiles() int {
	first := s.window(0, 0) // has the most positions
	positions := s.n * first.positions()
	if positions == 0 || s.columns == 0 {
		return 0
	}
	terms := min(block, max(1, s.terms()))
	height := min(chunk, max(leastGathered, gathered/terms/6*6))
	if first.banded() {
		each := first.bandOf(2) - first.bandOf(1)
		height = min(max(1, gathered/each), 1+(chunk*stridePacked-first.bandOf(1))/each) * first.across.positions
	}
	chunks := (positions + height - 1) / height
	strips := s.groups * s.strips()
	shares := 1
	for chunks*shares < enoughTiles && shares < strips && positions*s.columns*s.groups*s.terms() > 2*shares*chunks*worthATile {
		shares *= 2
	}
	shares = min(shares, strips)
	s.cut = slidingCut{chunks, height, shares}
	return s.rows.phases * s.across.phases * chunks * shares
}

// strips returns the number of strips of a group.
func (s *sliding) strips() int { return (s.columns + panel - 1) / panel }

// window returns what stands at the positions of a phase, for the channels of a group.
func (s *sliding) window(number, group int) window {
	count := s.channels / s.groups
	return window{image: s.a, height: s.height, width: s.width, channels: s.channels, first: group * count, count: count,
		rows: s.rows.phase(number / s.across.phases), across: s.across.phase(number % s.across.phases)}
}

// tile computes some positions of a phase for some strips of some groups.
func (s *sliding) tile(tile int, maps []Map) {
	share, tile := tile%s.cut.shares, tile/s.cut.shares
	number := tile / s.cut.chunks
	from := tile % s.cut.chunks * s.cut.height
	before := s.before(number)
	room := borrow()
	defer room.giveBack()
	strips := s.groups * s.strips()
	first, end := share*strips/s.cut.shares, (share+1)*strips/s.cut.shares
	for first < end {
		group := first / s.strips()
		next := min(end, (group+1)*s.strips())
		w := s.window(number, group)
		switch to := min(from+s.cut.height, s.n*w.positions()); {
		case from >= to:
		case w.banded():
			s.bandedPart(&w, room, from, to, group, first%s.strips(), next-group*s.strips(), maps)
		default:
			s.part(&w, room, from, to, before, group, first%s.strips(), next-group*s.strips(), maps)
		}
		first = next
	}
}

// before returns the number of terms of the phases before one.
func (s *sliding) before(number int) (terms int) {
	for earlier := range number {
		w := s.window(earlier, 0)
		terms += w.terms()
	}
	return terms
}

// part computes some positions for some strips of a group.
func (s *sliding) part(w *window, room *workspace, from, to, before, group, first, end int, maps []Map) {
	a, terms := room.left(), w.terms()
	for t, last := 0, false; !last; {
		next := s.blockEnd(w, t)
		last = next == terms
		apart := (next-t+7)/8*8 + slack
		w.gather(a, apart, from, to, t, next)
		for column := first * panel; column < min(end*panel, s.columns); column += panel {
			width := min(panel, s.columns-column)
			b := s.b[(group*s.columns+column)*s.terms()+(before+t)*width:]
			one := strip{columns: width, terms: next - t, rowA: apart, termA: 1, termB: width, first: t == 0}
			var bias []float32
			if last && s.bias != nil {
				bias = s.bias[group*s.columns+column:]
			}
			for at := from; at < to; at += one.rows {
				c := s.place(w, &one, at, to) + group*s.columns + column
				one.run(s.c[c:], a[(at-from)*apart:], b, bias)
				for i := range maps {
					if last {
						maps[i].strip(c, one.rows, width, one.rowC)
					}
				}
			}
		}
		t = next
	}
}

// place returns where the result of a position begins, and says in the strip how many lie behind it in the same way, up to
// another.
func (s *sliding) place(w *window, one *strip, at, to int) int {
	size := s.columns * s.groups
	if s.rows.phases == 1 && s.across.phases == 1 {
		one.rows, one.rowC = to-at, size
		return at * size
	}
	line, column := at/w.across.positions, at%w.across.positions
	one.rows, one.rowC = min(to-at, w.across.positions-column), size*w.across.apart
	image, row := line/w.rows.positions, w.rows.first+line%w.rows.positions*w.rows.apart
	return ((image*s.rows.size+row)*s.across.size + w.across.first + column*w.across.apart) * size
}

// blockEnd returns where the block of terms ends that begins with one of the phase's. Blocks are of 256 terms as they
// are numbered over all phases.
func (s *sliding) blockEnd(w *window, from int) int {
	terms := w.terms()
	if s.rows.phases == 1 && s.across.phases == 1 {
		return min(from+block, terms)
	}
	number := func(t int) int {
		tap := t / w.count
		i, j := w.rows.lead+tap/w.across.taps*w.rows.skip, w.across.lead+tap%w.across.taps*w.across.skip
		return (i*s.across.kernel+j)*w.count + t%w.count
	}
	to := from
	for to < terms && number(to)/block == number(from)/block {
		left := (number(from)/block+1)*block - number(to) // in the block
		to += min(left, w.count-to%w.count)
	}
	return to
}
