package kernel

// band is the rows of an image that some lines of positions meet, with the border that they meet: position (i, j) of the
// lines has its terms in segments, one for each row of taps, which begin apart elements from each other, the first at
// a[i·line + j·step]. So nothing needs to be gathered.
type band struct {
	a                   []float32
	line, step          int
	segment, apart      int
	positions, segments int // of a line, of a position
}

// banded reports whether the terms of a row of taps lie side by side, in all images alike, and how many elements so many
// lines take: kernels whose taps are side by side, of all channels, on lines that are more than lowRows wide.
func (w *window) banded() bool {
	return segmented() && w.rows.apart == 1 && w.across.apart == 1 && w.count == w.channels && (w.across.tap == 1 || w.across.taps == 1) &&
		w.across.positions > lowRows && w.channels > 0 && w.rows.taps > 0 && w.across.taps > 0 && w.bandOf(1) <= chunk*stridePacked
}

// bandOf returns the number of elements of the band of so many lines.
func (w *window) bandOf(lines int) int { return w.bandRows(lines) * w.bandColumns() * w.channels }

func (w *window) bandRows(lines int) int {
	return (lines-1)*w.rows.step + (w.rows.taps-1)*w.rows.tap + 1
}

func (w *window) bandColumns() int { return (w.across.positions-1)*w.across.step + w.across.taps }

// band returns that of some lines of an image: a part of the image, or a copy of it with its border.
func (w *window) band(room []float32, image, first, lines int) band {
	rows, columns := w.bandRows(lines), w.bandColumns()
	top, left := first*w.rows.step+w.rows.from, w.across.from
	b := band{step: w.across.step * w.channels, segment: w.across.taps * w.channels, positions: w.across.positions, segments: w.rows.taps}
	from := w.image[image*w.height*w.width*w.channels:][:w.height*w.width*w.channels]
	size := w.width * w.channels
	if top >= 0 && top+rows <= w.height && left >= 0 && left+columns <= w.width {
		b.a = from[top*size+left*w.channels:]
	} else {
		size = columns * w.channels
		b.a = room[:rows*size]
		for y := range rows {
			to := b.a[y*size:][:size]
			if y+top < 0 || y+top >= w.height {
				clear(to)
				continue
			}
			one := span{dst: to, apart: size, count: 1, columns: size}
			one.cross(from[(y+top)*w.width*w.channels:][:w.width*w.channels], 0, left*w.channels)
		}
	}
	b.line, b.apart = w.rows.step*size, w.rows.tap*size
	return b
}

// terms lets a strip read the terms of the positions of a line from one term on, and returns where they begin.
func (b *band) terms(s *strip, line, from int) (a []float32) {
	s.rowA, s.termA, s.rows = b.step, 1, b.positions
	at := from / b.segment
	s.segment, s.lead, s.jump = b.segment, min(b.segment-from%b.segment, s.terms), b.apart-b.segment
	return b.a[line*b.line+at*b.apart+from%b.segment:]
}

// bandedPart is part of a product for whole lines of positions, of which the bands are at hand.
func (s *sliding) bandedPart(w *window, room *workspace, from, to, group, first, end int, maps []Map) {
	size, terms := s.columns*s.groups, w.terms()
	for from < to {
		image, line := from/w.positions(), from%w.positions()/w.across.positions
		lines := min((to-from)/w.across.positions, w.rows.positions-line)
		b := w.band(room.left(), image, line, lines)
		for column := first * panel; column < min(end*panel, s.columns); column += panel {
			width := min(panel, s.columns-column)
			for t := 0; t < terms; t += block {
				one := strip{columns: width, terms: min(block, terms-t), termB: width, rowC: size, first: t == 0}
				last := t+one.terms == terms
				var bias []float32
				if last && s.bias != nil {
					bias = s.bias[group*s.columns+column:]
				}
				of := s.b[(group*s.columns+column)*terms+t*width:]
				for i := range lines {
					c := (from+i*b.positions)*size + group*s.columns + column
					one.run(s.c[c:], b.terms(&one, i, t), of, bias)
					for k := range maps {
						if last {
							maps[k].strip(c, one.rows, width, one.rowC)
						}
					}
				}
			}
		}
		from += lines * w.across.positions
	}
}

// bandedWeights computes some rows of taps of some strips of a gradient for the weight, block after block of positions, none
// of which reaches into another image.
func (s *sliding) bandedWeights(w *window, room *workspace, group, first, end, low, high int) {
	size, terms := s.columns*s.groups, w.terms()
	for from, all := 0, s.n*w.positions(); from < all; {
		to := blockEnd(from, all, w.positions())
		image, at := from/w.positions(), from%w.positions()
		line, column := at/w.across.positions, at%w.across.positions
		b := w.band(room.left(), image, line, (column+to-from+w.across.positions-1)/w.across.positions)
		one := strip{rows: b.segment, terms: to - from, rowA: 1, termA: b.step, termB: size, first: from == 0,
			segment: b.positions, lead: min(b.positions-column, to-from), jump: b.line - b.positions*b.step}
		for channel := low; channel < high; channel += panel {
			width := min(panel, s.columns-channel)
			one.columns, one.rowC = width, width
			for k := first / b.segment; k < end/b.segment; k++ {
				c := (group*s.columns+channel)*terms + k*b.segment*width
				one.run(s.c[c:], b.a[k*b.apart+column*b.step:], s.b[from*size+group*s.columns+channel:], nil)
			}
		}
		from = to
	}
}
