package kernel

// AvgPool2D computes the mean of each window: x [n, planes, height, width, inner], y [n, planes, outH, outW, inner]. The
// border counts as zeros: sums are divided by KernelH·KernelW. Their terms run by kernel row and column, in blocks as those
// of a product with ones.
func AvgPool2D(p *Pool, y, x []float32, n int, g *Pool2D) {
	s := planes{y: y, x: x, g: g}
	if tiles := s.divide(p, n*g.Planes); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.planes.avgPool(tile) }, planes: s}, tiles)
		return
	}
	s.avgPool(0)
}

func (s *planes) avgPool(tile int) {
	for c, end := s.planesOf(tile); c < end; c++ {
		x, y, _ := s.plane(c)
		for a := s.g.alike(0, 0); a.count > 0; a = s.g.next(a) {
			s.g.means(y, x, a)
		}
	}
}

// means computes the means of windows that are alike.
func (g *Pool2D) means(y, x []float32, a alike) {
	taps := g.KernelH * g.KernelW
	switch {
	case taps <= block && g.Inner == 1:
		g.meansOfElements(y, x, a)
	case taps <= block && g.meansAssembled(y, x, a):
	case a.rows*a.columns == taps && (a.columns == g.Width || a.rows == 1):
		for i := range a.lines * a.count {
			window, place := g.window(a, i)
			y := y[window*g.Inner:][:g.Inner]
			columnSums(y, x[place*g.Inner:], taps, 1, g.Inner, g.Inner)
			divide(y, []float32{float32(taps)}, 1, len(y))
		}
	default:
		for i := range a.lines * a.count {
			window, place := g.window(a, i)
			g.mean(y[window*g.Inner:][:g.Inner], x, a, window, place)
		}
	}
}

// meansOfElements computes the means of windows of single elements, at most a block of them.
func (g *Pool2D) meansOfElements(y, x []float32, a alike) {
	by := float32(g.KernelH * g.KernelW)
	for line := range a.lines {
		y := y[(a.line+line)*g.OutW+a.first:][:a.count]
		at := a.place + line*g.StrideH*g.Width
		for i := range y {
			var sum float32
			for r := at; r < at+a.rows*g.Width; r += g.Width {
				for _, v := range x[r : r+a.columns] {
					sum += v
				}
			}
			y[i] = sum / by
			at += g.StrideW
		}
	}
}

// mean computes the means of a window that begins at a place.
func (g *Pool2D) mean(y, x []float32, a alike, window, place int) {
	above, before := max(g.PadH-window/g.OutW*g.StrideH, 0), max(g.PadW-window%g.OutW*g.StrideW, 0)
	for from := 0; from < len(y); from += panel {
		y := y[from:min(from+panel, len(y))]
		var sums [panel]float32
		clear(y)
		of := 0 // which block: its elements that lie in the border count
		for r := range a.rows {
			for c := range a.columns {
				if number := (above+r)*g.KernelW + before + c; number/block != of {
					joinColumns(y, sums[:], false)
					sums, of = [panel]float32{}, number/block
				}
				for k, v := range x[(place+r*g.Width+c)*g.Inner+from:][:len(y)] {
					sums[k] += v
				}
			}
		}
		joinColumns(y, sums[:], false)
		divide(y, []float32{float32(g.KernelH * g.KernelW)}, 1, len(y))
	}
}

// AvgPool2DGrad computes ∂x: each ∂y/(KernelH·KernelW) goes to all places of its window, those of one place are added in
// row-major order of the windows.
func AvgPool2DGrad(p *Pool, dx, dy []float32, n int, g *Pool2D) {
	s := planes{y: dy, x: dx, g: g}
	if tiles := s.divide(p, n*g.Planes); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.planes.avgPoolGrad(tile) }, planes: s}, tiles)
		return
	}
	s.avgPoolGrad(0)
}

func (s *planes) avgPoolGrad(tile int) {
	for c, end := s.planesOf(tile); c < end; c++ {
		dx, dy, _ := s.plane(c)
		clear(dx)
		for a := s.g.alike(0, 0); a.count > 0; a = s.g.next(a) {
			s.g.meansGrad(dx, dy, a)
		}
	}
}

// meansGrad adds the gradients of windows that are alike.
func (g *Pool2D) meansGrad(dx, dy []float32, a alike) {
	if g.Inner == 1 {
		g.meansOfElementsGrad(dx, dy, a)
		return
	}
	if g.meansGradAssembled(dx, dy, a) {
		return
	}
	by := float32(g.KernelH * g.KernelW)
	for i := range a.lines * a.count {
		window, place := g.window(a, i)
		dy := dy[window*g.Inner:][:g.Inner]
		for r := range a.rows {
			for c := range a.columns {
				dx := dx[(place+r*g.Width+c)*g.Inner:][:g.Inner]
				for k, d := range dy {
					dx[k] += d / by
				}
			}
		}
	}
}

// meansOfElementsGrad does it for windows of single elements.
func (g *Pool2D) meansOfElementsGrad(dx, dy []float32, a alike) {
	by := float32(g.KernelH * g.KernelW)
	for line := range a.lines {
		at := a.place + line*g.StrideH*g.Width
		for _, d := range dy[(a.line+line)*g.OutW+a.first:][:a.count] {
			d /= by
			for r := at; r < at+a.rows*g.Width; r += g.Width {
				dx := dx[r : r+a.columns]
				for k := range dx {
					dx[k] += d
				}
			}
			at += g.StrideW
		}
	}
}
