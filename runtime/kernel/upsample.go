package kernel

// Scaling is the geometry of an enlargement: images have Planes of Height×Width places, of which FactorH×FactorW are made for
// each. At each place there are Inner elements side by side: images have Planes of one element where channels are first,
// and one plane of Inner channels where they are last.
type Scaling struct {
	Planes, Height, Width, Inner int
	FactorH, FactorW             int
}

// scaling is what a kernel works on that enlarges images, y being the larger ones, or brings gradients back from them.
type scaling struct {
	y, x     []float32
	g        Scaling
	bilinear bool
	back     bool
	count    int // planes
	each     int // planes of a tile
}

// UpsampleNearest enlarges images by repetition: place i of y shows place ⌊i/factor⌋ of x.
func UpsampleNearest(p *Pool, y, x []float32, n int, g *Scaling) {
	s := scaling{y: y, x: x, g: *g}
	s.run(p, n)
}

// UpsampleNearestGrad computes ∂x of UpsampleNearest: the sum of ∂y over the places that show x, in row-major order.
func UpsampleNearestGrad(p *Pool, dx, dy []float32, n int, g *Scaling) {
	s := scaling{y: dy, x: dx, g: *g, back: true}
	s.run(p, n)
}

// UpsampleBilinear enlarges images by interpolation. The places of x and of y divide the same length; place i of y has its
// middle at (i + ½)/factor, and is a mixture of the two places of x whose middles lie around that: see mixture. Rows are
// mixed of places that have been mixed along them.
func UpsampleBilinear(p *Pool, y, x []float32, n int, g *Scaling) {
	s := scaling{y: y, x: x, g: *g, bilinear: true}
	s.run(p, n)
}

// UpsampleBilinearGrad computes ∂x of UpsampleBilinear: the sum over the places of ∂y, in row-major order, of the share that x
// has in each.
func UpsampleBilinearGrad(p *Pool, dx, dy []float32, n int, g *Scaling) {
	s := scaling{y: dy, x: dx, g: *g, bilinear: true, back: true}
	s.run(p, n)
}

// run goes through the planes of n rows. Rows that are no wider than before are single places of more elements.
func (s *scaling) run(p *Pool, n int) {
	if s.g.FactorW == 1 {
		s.g.Width, s.g.Inner = 1, s.g.Width*s.g.Inner
	}
	s.count = n * s.g.Planes
	s.each = max(s.count, 1)
	if _, size := s.g.sizes(); p.shares(s.count * size) {
		s.each = max(elementsTogether/size, 1)
	}
	if tiles := (s.count + s.each - 1) / s.each; tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.scaling.tile(tile) }, scaling: *s}, tiles)
		return
	}
	s.tile(0)
}

// sizes returns the numbers of elements of a plane of x and of y.
func (g *Scaling) sizes() (x, y int) {
	x = g.Height * g.Width * g.Inner
	return x, x * g.FactorH * g.FactorW
}

func (s *scaling) tile(tile int) {
	small, large := s.g.sizes()
	for i := tile * s.each; i < min(tile*s.each+s.each, s.count); i++ {
		x, y := s.x[i*small:][:small], s.y[i*large:][:large]
		switch {
		case s.bilinear && s.back:
			s.g.unmix(x, y)
		case s.bilinear:
			s.g.mix(y, x)
		case s.back:
			s.g.gather(x, y)
		default:
			s.g.repeat(y, x)
		}
	}
}

// repeat enlarges a plane by repetition.
func (g *Scaling) repeat(y, x []float32) {
	narrow, wide := g.Width*g.Inner, g.Width*g.FactorW*g.Inner
	for i := range g.Height {
		row, first := x[i*narrow:][:narrow], y[i*g.FactorH*wide:][:wide]
		if g.Inner == 1 {
			for j, v := range row {
				for k := range g.FactorW {
					first[j*g.FactorW+k] = v
				}
			}
		} else {
			for j := range g.Width * g.FactorW {
				copy(first[j*g.Inner:][:g.Inner], row[j/g.FactorW*g.Inner:])
			}
		}
		for k := 1; k < g.FactorH; k++ {
			copy(y[(i*g.FactorH+k)*wide:][:wide], first)
		}
	}
}

// gather adds up the gradients of a plane.
func (g *Scaling) gather(dx, dy []float32) {
	narrow, wide := g.Width*g.Inner, g.Width*g.FactorW*g.Inner
	for i := range g.Height {
		row := dx[i*narrow:][:narrow]
		for k := range g.FactorH {
			from := dy[(i*g.FactorH+k)*wide:][:wide]
			if g.Inner == 1 {
				addRuns(row, from, g.FactorW, k == 0)
				continue
			}
			for j := range g.Width * g.FactorW {
				to, source := row[j/g.FactorW*g.Inner:][:g.Inner], from[j*g.Inner:]
				if k == 0 && j%g.FactorW == 0 {
					copy(to, source)
				} else {
					accumulate(to, source)
				}
			}
		}
	}
}

// addRuns adds to each of the sums a run of so many elements of x; the first time they begin with those.
func addRuns(sums, x []float32, run int, first bool) {
	for j, sum := range sums {
		part := x[j*run:][:run]
		if first {
			sum, part = part[0], part[1:]
		}
		for _, v := range part {
			sum += v
		}
		sums[j] = sum
	}
}

// mixture is what a place of y is made of along an axis: of place first of x and, unless share is 0, of the one behind it, which
// has that share.
type mixture struct {
	first int
	share float32
	step  int // in halves of a place of y, how far its middle lies behind that of first
}

// mixtures begins to go along an axis. The first places of y lie before the middle of the first of x.
func mixtures(factor int) mixture { return mixture{step: 1 - factor} }

// next goes on to the following place of size·factor.
func (m mixture) next(factor, size int) mixture {
	if m.step += 2; m.step >= 2*factor {
		m.step -= 2 * factor
		m.first++
	}
	m.share = 0
	if m.step > 0 && m.first < size-1 {
		m.share = float32(m.step) / float32(2*factor)
	}
	return m
}

// mix enlarges a plane by interpolation.
func (g *Scaling) mix(y, x []float32) {
	narrow, wide := g.Width*g.Inner, g.Width*g.FactorW*g.Inner
	down := mixtures(g.FactorH)
	for i := range g.Height * g.FactorH {
		upper := x[down.first*narrow:]
		lower := upper
		if down.share > 0 {
			lower = upper[narrow:]
		}
		to := y[i*wide:][:wide]
		if g.Inner == 1 {
			g.mixLine(to, upper, lower, down.share)
			down = down.next(g.FactorH, g.Height)
			continue
		}
		across := mixtures(g.FactorW)
		for range g.Width * g.FactorW {
			left := across.first * g.Inner
			right := left
			if across.share > 0 {
				right += g.Inner
			}
			mixPlace(to[:g.Inner], upper[left:], upper[right:], lower[left:], lower[right:], down.share, across.share)
			to = to[g.Inner:]
			across = across.next(g.FactorW, g.Width)
		}
		down = down.next(g.FactorH, g.Height)
	}
}

// mixLine mixes a row of two, whose places are single elements.
func (g *Scaling) mixLine(y, upper, lower []float32, down float32) {
	up, across := 1-down, mixtures(g.FactorW)
	for i := range y {
		j, share := across.first, across.share
		v := upper[j]
		if share > 0 {
			v = float32((1-share)*v) + float32(share*upper[j+1])
		}
		if down > 0 {
			w := lower[j]
			if share > 0 {
				w = float32((1-share)*w) + float32(share*lower[j+1])
			}
			v = float32(up*v) + float32(down*w)
		}
		y[i] = v
		across = across.next(g.FactorW, g.Width)
	}
}

// mixPlace mixes four places, of which those with a share of 0 are not looked at.
func mixPlace(y, a, b, c, d []float32, down, across float32) {
	up, back := 1-down, 1-across
	a = a[:len(y)]
	switch {
	case down == 0 && across == 0:
		copy(y, a)
	case down == 0:
		for k, v := range a {
			y[k] = float32(back*v) + float32(across*b[k])
		}
	case across == 0:
		for k, v := range a {
			y[k] = float32(up*v) + float32(down*c[k])
		}
	default:
		for k, v := range a {
			v = float32(back*v) + float32(across*b[k])
			w := float32(back*c[k]) + float32(across*d[k])
			y[k] = float32(up*v) + float32(down*w)
		}
	}
}

// unmix adds up the gradients of a plane.
func (g *Scaling) unmix(dx, dy []float32) {
	clear(dx)
	narrow := g.Width * g.Inner
	down := mixtures(g.FactorH)
	for range g.Height * g.FactorH {
		upper := dx[down.first*narrow:]
		if g.Inner == 1 {
			g.unmixLine(upper, dy[:g.Width*g.FactorW], down.share)
			dy = dy[g.Width*g.FactorW:]
			down = down.next(g.FactorH, g.Height)
			continue
		}
		across := mixtures(g.FactorW)
		for range g.Width * g.FactorW {
			place := upper[across.first*g.Inner:]
			unmixRow(place, dy[:g.Inner], 1-down.share, across.share)
			if down.share > 0 {
				unmixRow(place[narrow:], dy[:g.Inner], down.share, across.share)
			}
			dy = dy[g.Inner:]
			across = across.next(g.FactorW, g.Width)
		}
		down = down.next(g.FactorH, g.Height)
	}
}

// unmixLine adds a row of ∂y to the rows that it was made of, whose places are single elements.
func (g *Scaling) unmixLine(dx, dy []float32, down float32) {
	up, across := 1-down, mixtures(g.FactorW)
	for _, d := range dy {
		j, share := across.first, across.share
		here, next := float32((1-share)*d), float32(share*d)
		dx[j] += float32(up * here)
		if share > 0 {
			dx[j+1] += float32(up * next)
		}
		if down > 0 {
			dx[g.Width+j] += float32(down * here)
			if share > 0 {
				dx[g.Width+j+1] += float32(down * next)
			}
		}
		across = across.next(g.FactorW, g.Width)
	}
}

// unmixRow adds a place of ∂y to the places of a row that it was made of, which have a share in it.
func unmixRow(dx, dy []float32, share, across float32) {
	back := 1 - across
	for k, d := range dy {
		dx[k] += float32(share * float32(back*d))
	}
	if across > 0 {
		dx = dx[len(dy):]
		for k, d := range dy {
			dx[k] += float32(share * float32(across*d))
		}
	}
}
