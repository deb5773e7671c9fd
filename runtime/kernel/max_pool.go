package kernel

import "math"

// MaxPool2D computes the largest element of each window: x [n, planes, height, width, inner],
// y [n, planes, outH, outW, inner]. A NaN wins over every number; the border takes no part. Where at is not nil, it takes the
// place of each largest element in its plane, row·width + column, the first of equals in row-major order.
func MaxPool2D(p *Pool, y []float32, at []int32, x []float32, n int, g *Pool2D) {
	s := planes{y: y, at: at, x: x, g: g}
	if tiles := s.divide(p, n*g.Planes); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.planes.maxPool(tile) }, planes: s}, tiles)
		return
	}
	s.maxPool(0)
}

func (s *planes) maxPool(tile int) {
	for c, end := s.planesOf(tile); c < end; c++ {
		x, y, at := s.plane(c)
		if s.g.Inner > 1 {
			s.g.maxLanes(y, at, x)
			continue
		}
		w := windows{g: s.g, plane: x, y: y, at: at}
		w.all()
	}
}

// windows are those of one plane of single elements.
type windows struct {
	g        *Pool2D
	plane, y []float32
	at       []int32
}

// all finds the largest elements of all windows.
func (w *windows) all() {
	g := w.g
	above, below := inside(g.OutH, g.StrideH, g.PadH, g.KernelH, g.Height)
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

// linesAtOnce returns how many lines of windows are taken at once.
func (g *Pool2D) linesAtOnce() int { return max(1<<16/(g.OutW*g.KernelH*g.KernelW), 1) }

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

// MaxPool2DGrad computes ∂x: each ∂y goes to the place that MaxPool2D has found, those of one place are added in row-major order.
func MaxPool2DGrad(p *Pool, dx []float32, at []int32, dy []float32, n int, g *Pool2D) {
	s := planes{y: dy, at: at, x: dx, g: g}
	if tiles := s.divide(p, n*g.Planes); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.planes.maxPoolGrad(tile) }, planes: s}, tiles)
		return
	}
	s.maxPoolGrad(0)
}

func (s *planes) maxPoolGrad(tile int) {
	for c, end := s.planesOf(tile); c < end; c++ {
		dx, dy, at := s.plane(c)
		if !s.g.writesAll() {
			clear(dx)
		}
		if s.g.Inner > 1 {
			s.g.maxLanesGrad(dx, at, dy)
			continue
		}
		for i, d := range dy {
			dx[at[i]] += d
		}
	}
}
