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

// alike is windows side by side of which the same part lies in the plane: so many from the first on, each with so many rows and
// columns, which begin at a place in the first one.
type alike struct{ first, count, place, rows, columns int }

// alike returns those that begin with the window of that number in its plane.
func (g *Pool2D) alike(window int) alike {
	i, j := window/g.OutW, window%g.OutW
	top, left := i*g.StrideH-g.PadH, j*g.StrideW-g.PadW
	row, column := max(top, 0), max(left, 0)
	a := alike{first: window, count: 1, place: row*g.Width + column}
	a.rows, a.columns = min(top+g.KernelH, g.Height)-row, min(left+g.KernelW, g.Width)-column
	if a.columns == g.KernelW {
		a.count = min((g.Width-g.KernelW-left)/g.StrideW+1, g.OutW-j)
	}
	return a
}
