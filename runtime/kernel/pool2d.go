package kernel

import "math"

// Pool2D is the geometry of pooling: windows of KernelH×KernelW over planes of Height×Width, StrideH and StrideW
// apart, that begin PadH and PadW before the plane and give OutH×OutW results. A padding is at most half of its
// kernel, and OutH and OutW are such that no window lies outside.
type Pool2D struct {
	Channels, Height, Width int
	KernelH, KernelW        int
	StrideH, StrideW        int
	PadH, PadW              int
	OutH, OutW              int
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
	if size := s.g.Height * s.g.Width; p.shares(count * size) {
		s.each = max(elementsTogether/size, 1)
	}
	return (count + s.each - 1) / s.each
}

// MaxPool2D computes the largest element of each window: x [n, channels, height, width], y [n, channels, outH, outW].
// A NaN wins over every number; the border takes no part. Where at is not nil, it takes the place of each largest
// element in its plane, the first of equals in row-major order.
func MaxPool2D(p *Pool, y []float32, at []int32, x []float32, n int, g *Pool2D) {
	s := planes{y: y, at: at, x: x, g: g}
	if tiles := s.divide(p, n*g.Channels); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.planes.maxPool(tile) }, planes: s}, tiles)
		return
	}
	s.maxPool(0)
}

func (s *planes) maxPool(tile int) {
	g := s.g
	size, out := g.Height*g.Width, g.OutH*g.OutW
	above, below := inside(g.OutH, g.StrideH, g.PadH, g.KernelH, g.Height)
	for c := tile * s.each; c < min(tile*s.each+s.each, s.count); c++ {
		w := windows{g: g, plane: s.x[c*size:][:size], y: s.y[c*out:][:out]}
		if s.at != nil {
			w.at = s.at[c*out:][:out]
		}
		for i := range above {
			w.lines(i, 1)
		}
		for i, most := above, g.linesAtOnce(); i < below; i += most {
			w.lines(i, min(most, below-i))
		}
		for i := below; i < g.OutH; i++ {
			w.lines(i, 1)
		}
	}
}

// inside returns which of so many windows along an axis lie between the plane's ends: from one on, and before another.
func inside(windows, stride, pad, kernel, size int) (from, to int) {
	from = min((pad+stride-1)/stride, windows)
	return from, max(from, min((size+pad-kernel+stride)/stride, windows))
}

// linesAtOnce returns how many lines of windows are taken at once.
func (g *Pool2D) linesAtOnce() int { return max(1<<16/(g.OutW*g.KernelH*g.KernelW), 1) }

// windows are those of one plane.
type windows struct {
	g        *Pool2D
	plane, y []float32
	at       []int32
}

// lines finds the largest elements of the windows of some lines, none of which, or the only of which, reaches beyond the plane's
// first or last row.
func (w *windows) lines(first, lines int) {
	g := w.g
	top := first*g.StrideH - g.PadH
	from, to := max(top, 0), min(top+g.KernelH, g.Height)
	before, behind := inside(g.OutW, g.StrideW, g.PadW, g.KernelW, g.Width)
	if before == behind || !w.assembled(first, lines, before, behind-before, from, to-from) {
		behind = before
	}
	for i := first; i < first+lines; i++ {
		w.line(i, from, to, 0, before)
		w.line(i, from, to, behind, g.OutW)
		from, to = from+g.StrideH, to+g.StrideH
	}
}

// line finds the largest elements of windows of a line, whose rows in the plane are those.
func (w *windows) line(i, top, bottom, first, end int) {
	g := w.g
	for j := first; j < end; j++ {
		left := j*g.StrideW - g.PadW
		best, place := largest(w.plane, g.Width, top, bottom, max(left, 0), min(left+g.KernelW, g.Width))
		w.y[i*g.OutW+j] = best
		if w.at != nil {
			w.at[i*g.OutW+j] = int32(place)
		}
	}
}

// largest returns the largest element of the window in rows [top, bottom) and columns [left, right), and its place in
// the plane.
func largest(plane []float32, width, top, bottom, left, right int) (best float32, place int) {
	best, place = float32(math.Inf(-1)), top*width+left
	for i := top; i < bottom; i++ {
		for j, v := range plane[i*width+left : i*width+right] {
			if v > best || v != v && best == best {
				best, place = v, i*width+left+j
			}
		}
	}
	return best, place
}

// MaxPool2DGrad computes ∂x: each ∂y goes to the place that at says, those of one place are added in row-major order.
func MaxPool2DGrad(p *Pool, dx []float32, at []int32, dy []float32, n int, g *Pool2D) {
	s := planes{y: dy, at: at, x: dx, g: g}
	if tiles := s.divide(p, n*g.Channels); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.planes.maxPoolGrad(tile) }, planes: s}, tiles)
		return
	}
	s.maxPoolGrad(0)
}

func (s *planes) maxPoolGrad(tile int) {
	size, out := s.g.Height*s.g.Width, s.g.OutH*s.g.OutW
	for c := tile * s.each; c < min(tile*s.each+s.each, s.count); c++ {
		plane := s.x[c*size:][:size]
		clear(plane)
		places := s.at[c*out:][:out]
		for i, d := range s.y[c*out:][:len(places)] {
			plane[places[i]] += d
		}
	}
}
