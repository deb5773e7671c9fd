package kernel

// A convolution each of whose groups has one channel and one result is no product of matrices: what a register holds are
// channels, as they lie. A panel of them is copied into planes with the border around, so that every position has all of its
// taps. There are sums and blocks of these as everywhere: what follows is there with assembly only.

// mostBordered is how many elements of planes are copied at a time.
const mostBordered = 1 << 14

// isDepthwise reports whether that can be used: a tap of each position fits where they are copied.
func (s *sliding) isDepthwise() bool {
	if !avx2 || s.columns != 1 || s.channels != s.groups || s.groups < halfPanel/2 || s.rows.kernel*s.across.kernel > block {
		return false
	}
	for number := range s.rows.phases * s.across.phases {
		w := s.window(number, 0)
		if height, width := w.rows.span(1), w.across.span(w.across.positions); height*width*panel+slack > chunk*stridePacked {
			return false
		}
	}
	return true
}

// span returns how many elements so many positions side by side and their taps lie within.
func (f *phase) span(positions int) int {
	return (positions-1)*f.step + max(f.taps-1, 0)*max(f.tap, -f.tap) + 1
}

// least returns the first of the elements that the taps of a position and those behind meet.
func (f *phase) least(position int) int {
	return position*f.step + f.from + min(max(f.taps-1, 0)*f.tap, 0)
}

// bordered is some channels of lines of positions, as a copy of what their taps meet: [height, width, apart].
type bordered struct {
	w                    *window
	plane                []float32
	channel, columns     int
	apart, height, width int
	line, lines          int // of positions
}

// linesAtOnce returns how many lines of positions are copied at a time.
func (p *bordered) linesAtOnce() int {
	lines := p.w.rows.positions
	for lines > 1 && p.w.rows.span(lines)*p.width*p.apart > mostBordered {
		lines = (lines + 1) / 2
	}
	return lines
}

// newBordered returns the first lines of a window for a panel of channels.
func newBordered(w *window, room *workspace, channel int) (p bordered) {
	p = bordered{w: w, channel: channel, columns: min(panel, w.channels-channel), apart: panel}
	if p.columns <= halfPanel {
		p.apart = halfPanel
	}
	p.width = w.across.span(w.across.positions)
	p.plane = room.left()
	return p
}

// gather copies so many lines of an image from one on.
func (p *bordered) gather(image, line, lines int) {
	w := p.w
	p.line, p.lines, p.height = line, lines, w.rows.span(lines)
	elements := w.image[image*w.height*w.width*w.channels:]
	top, left := w.rows.least(line), w.across.least(0)
	before := min(max(-left, 0), p.width) // columns of the border
	inside := max(min(left+p.width, w.width)-max(left, 0), 0)
	for i := range p.height {
		to := p.plane[i*p.width*p.apart:][:p.width*p.apart+slack]
		row := top + i
		if row < 0 || row >= w.height || inside == 0 {
			clear(to[:p.width*p.apart])
			continue
		}
		clear(to[:before*p.apart])
		copyRows(to[before*p.apart:], elements[(row*w.width+max(left, 0))*w.channels+p.channel:], inside, p.columns, p.apart, w.channels)
		clear(to[(before+inside)*p.apart : p.width*p.apart])
	}
}

// at returns where the element of a position's tap lies, which is of the lines that have been copied.
func (p *bordered) at(line, position, row, column int) int {
	i := line*p.w.rows.step + row*p.w.rows.tap + p.w.rows.from - p.w.rows.least(p.line)
	j := position*p.w.across.step + column*p.w.across.tap + p.w.across.from - p.w.across.least(0)
	return (i*p.width + j) * p.apart
}

// runDepthwise computes the convolution, and the maps that follow.
func (s *sliding) runDepthwise(p *Pool, maps []Map) {
	work := s.rows.size * s.across.size * panel * s.rows.kernel * s.across.kernel
	s.cut.height = max(min(worthATile/max(work, 1), s.n), 1) // images of a tile
	s.cut.chunks = (s.n + s.cut.height - 1) / s.cut.height
	s.cut.shares = (s.channels + panel - 1) / panel
	tiles := s.cut.chunks * s.cut.shares * s.rows.phases * s.across.phases
	if tiles > 1 && p.shared(s.n*s.rows.size*s.across.size*s.channels*s.rows.kernel*s.across.kernel) {
		j := job{tile: depthwiseTile, sliding: *s}
		j.follow(maps)
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		s.depthwiseTile(tile, maps)
	}
}

func depthwiseTile(j *job, tile int) { j.sliding.depthwiseTile(tile, j.maps[:j.followed]) }

// depthwiseTile computes a panel of channels of some images, at the positions of a phase.
func (s *sliding) depthwiseTile(tile int, maps []Map) {
	share, tile := tile%s.cut.shares, tile/s.cut.shares
	images, number := tile%s.cut.chunks*s.cut.height, tile/s.cut.chunks
	w := s.window(number, 0)
	if w.positions() == 0 {
		return
	}
	room := borrow()
	defer room.giveBack()
	p := newBordered(&w, room, share*panel)
	taps := w.rows.taps * w.across.taps
	weights := room.b[:taps*panel]
	clear(weights)
	transpose(weights, s.b[p.channel*s.terms()+s.before(number):], p.columns, taps, panel, s.terms())
	for image := images; image < min(images+s.cut.height, s.n); image++ {
		for line, lines := 0, p.linesAtOnce(); line < w.rows.positions; line += lines {
			p.gather(image, line, min(lines, w.rows.positions-line))
			s.depthwiseLines(&p, weights, image, maps)
		}
	}
}

// lanesOfDepthwise is about how many multiply-adds of registers one call of assembly takes.
const lanesOfDepthwise = 1 << 15

// depthwiseLines computes the lines that have been copied, and the maps that follow.
func (s *sliding) depthwiseLines(p *bordered, weights []float32, image int, maps []Map) {
	w := p.w
	placeY, lineY := w.across.apart*s.channels, w.rows.apart*s.across.size*s.channels
	c := s.c[((image*s.rows.size+w.rows.first+p.line*w.rows.apart)*s.across.size+w.across.first)*s.channels+p.channel:]
	var bias []float32
	if s.bias != nil {
		bias = s.bias[p.channel:][:p.columns]
	}
	taps := max(w.rows.taps*w.across.taps, 1)
	positions := min(max(lanesOfDepthwise/taps, fourPositions), w.across.positions)
	lines := min(max(lanesOfDepthwise/(taps*positions), 1), p.lines)
	for line := 0; line < p.lines; line += lines {
		for position := 0; position < w.across.positions; position += positions {
			p.compute(c[line*lineY+position*placeY:], weights, bias, line, position,
				min(lines, p.lines-line), min(positions, w.across.positions-position), placeY, lineY)
		}
	}
	calls, rows := p.lines, w.across.positions
	if s.rows.phases*s.across.phases == 1 {
		calls, rows = 1, p.lines*rows // the lines follow each other
	}
	at := len(s.c) - len(c)
	for line := range calls {
		for i := range maps {
			maps[i].strip(at+line*lineY, rows, p.columns, placeY)
		}
	}
}

// runDepthwiseWeights computes the gradient of such a convolution's weight.
func (s *sliding) runDepthwiseWeights(p *Pool) {
	tiles := (s.channels + panel - 1) / panel
	if tiles > 1 && p.shared(s.n*s.rows.size*s.across.size*s.channels*s.terms()) {
		p.run(job{tile: depthwiseWeightsTile, sliding: *s}, tiles)
		return
	}
	for tile := range tiles {
		s.depthwiseWeightsTile(tile)
	}
}

func depthwiseWeightsTile(j *job, tile int) { j.sliding.depthwiseWeightsTile(tile) }

// depthwiseWeightsTile computes the gradient for a panel of channels, block after block of positions.
func (s *sliding) depthwiseWeightsTile(tile int) {
	w := s.window(0, 0)
	room := borrow()
	defer room.giveBack()
	p := newBordered(&w, room, tile*panel)
	size := s.terms() * panel
	sums, total := room.b[:size], room.b[block*panel:][:size]
	clear(sums)
	at, all, first := 0, s.n*w.positions(), true
	end := blockEnd(at, all, w.positions())
	for image := range s.n {
		for line, lines := 0, p.linesAtOnce(); line < w.rows.positions; line += lines {
			p.gather(image, line, min(lines, w.rows.positions-line))
			for behind := image*w.positions() + (line+p.lines)*w.across.positions; at < behind; {
				count := p.addGrads(sums, s.b[at*s.channels+p.channel:], at-image*w.positions(), min(behind, end)-at)
				if at += count; at == end {
					joinColumns(total, sums, first)
					clear(sums)
					first, end = false, blockEnd(at, all, w.positions())
				}
			}
		}
	}
	transpose(s.c[p.channel*s.terms():], total, s.terms(), p.columns, s.terms(), panel)
}

// addGrads adds what some positions of the image have to the gradients of all taps, as many as lie in one line or in whole ones
// but no more than that, and returns how many.
func (p *bordered) addGrads(sums, dy []float32, first, most int) int {
	w := p.w
	line, position := first/w.across.positions, first%w.across.positions
	lines, positions := 1, min(most, w.across.positions-position)
	if positions == w.across.positions {
		lines = most / positions
	}
	taps := w.rows.taps * w.across.taps
	for tap := 0; tap < taps; {
		groups := (taps - tap + 3) / 4
		count := (taps - tap + groups - 1) / groups // as even as can be
		var at [4]int
		for i := range count {
			at[i] = p.at(line, position, (tap+i)/w.across.taps, (tap+i)%w.across.taps)
		}
		p.addGradsOf(sums[tap*panel:], dy, at, count, lines, positions)
		tap += count
	}
	return lines * positions
}
