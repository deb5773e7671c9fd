package kernel

// Pool2D is the geometry of pooling: windows of KernelH×KernelW over planes of Height×Width places, StrideH and StrideW
// apart, that begin PadH and PadW before the plane and give OutH×OutW results. At each place there are Inner elements side
// by side, of which each is pooled for itself: images have Planes of one element where channels are first, and one plane
// of Inner channels where they are last. A padding is at most half of its kernel, and OutH and OutW are such that no
// window lies outside.
type Pool2D struct {
	Planes, Height, Width, Inner int
	KernelH, KernelW             int
	StrideH, StrideW             int
	PadH, PadW                   int
	OutH, OutW                   int
}

// planes is what pooling works on: y and at belong to the windows, x to the planes' elements.
type planes struct {
	y, x  []float32
	at    []int32
	g     *Pool2D
	count int
	each  int // planes of a tile
}

// divide sets the number of planes and returns that of tiles: more than one if the pool's workers should share them.
func (s *planes) divide(p *Pool, count int) (tiles int) {
	s.count, s.each = count, max(count, 1)
	if size := s.g.size(); p.shares(count * size) {
		s.each = max(elementsTogether/size, 1)
	}
	return (count + s.each - 1) / s.each
}

// planesOf returns the first plane of a tile and the one behind its last.
func (s *planes) planesOf(tile int) (first, end int) {
	return tile * s.each, min(tile*s.each+s.each, s.count)
}

// plane returns the elements of a plane and those of its windows' results.
func (s *planes) plane(number int) (x, y []float32, at []int32) {
	size, results := s.g.size(), s.g.results()
	if s.at != nil {
		at = s.at[number*results:][:results]
	}
	return s.x[number*size:][:size], s.y[number*results:][:results], at
}

// size returns the number of elements of a plane, and results that of results.
func (g *Pool2D) size() int    { return g.Height * g.Width * g.Inner }
func (g *Pool2D) results() int { return g.OutH * g.OutW * g.Inner }

// inside returns which of so many windows along an axis lie between the plane's ends: from one on, and before another.
func inside(windows, stride, pad, kernel, size int) (from, to int) {
	from = min((pad+stride-1)/stride, windows)
	return from, max(from, min((size+pad-kernel+stride)/stride, windows))
}

// alike is windows of which the same part lies in the plane, with so many rows and columns: count of them from one of a line on,
// which begin at a place in the first one. Where they are all of the line, those of the lines that follow may be alike, too.
type alike struct{ line, first, lines, count, place, rows, columns int }

// alike returns those that begin with a window of a line. next leads to the others.
func (g *Pool2D) alike(line, first int) alike {
	top, left := line*g.StrideH-g.PadH, first*g.StrideW-g.PadW
	row, column := max(top, 0), max(left, 0)
	a := alike{line: line, first: first, lines: 1, count: 1, place: row*g.Width + column}
	a.rows, a.columns = min(top+g.KernelH, g.Height)-row, min(left+g.KernelW, g.Width)-column
	if a.columns == g.KernelW {
		a.count = min((g.Width-g.KernelW-left)/g.StrideW+1, g.OutW-first)
	}
	if a.rows == g.KernelH && a.count == g.OutW {
		a.lines = min((g.Height-g.KernelH-top)/g.StrideH+1, g.OutH-line)
	}
	return a
}

// next returns the windows that follow; behind the last there are none.
func (g *Pool2D) next(a alike) alike {
	if a.first+a.count < g.OutW {
		return g.alike(a.line, a.first+a.count)
	}
	if a.line+a.lines < g.OutH {
		return g.alike(a.line+a.lines, 0)
	}
	return alike{}
}

// window returns the number of one of them in their plane, and where it begins.
func (g *Pool2D) window(a alike, i int) (number, place int) {
	line, column := i/a.count, i%a.count
	return (a.line+line)*g.OutW + a.first + column, a.place + line*g.StrideH*g.Width + column*g.StrideW
}
