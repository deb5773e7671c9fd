package kernel

// maxLanes finds the largest elements of the windows of a plane x whose places have several elements.
func (g *Pool2D) maxLanes(y []float32, at []int32, x []float32) {
	for window := 0; window < g.OutH*g.OutW; {
		a := g.alike(window)
		window += a.count
		if g.maxLanesAssembled(y, at, x, a) {
			continue
		}
		for w := range a.count {
			at, from := at, a.first+w
			if at != nil {
				at = at[from*g.Inner:][:g.Inner]
			}
			g.largestOfEach(y[from*g.Inner:][:g.Inner], at, x, a, a.place+w*g.StrideW)
		}
	}
}

// largestOfEach finds the largest elements of one window, which begins at a place.
func (g *Pool2D) largestOfEach(y []float32, at []int32, x []float32, a alike, place int) {
	copy(y, x[place*g.Inner:])
	for k := range at {
		at[k] = int32(place)
	}
	for r := range a.rows {
		for c := range a.columns {
			place := place + r*g.Width + c
			for k, v := range x[place*g.Inner:][:len(y)] {
				if best := y[k]; v > best || v != v && best == best {
					y[k] = v
					if at != nil {
						at[k] = int32(place)
					}
				}
			}
		}
	}
}

// maxLanesGrad adds to ∂x each ∂y of such windows at its place.
func (g *Pool2D) maxLanesGrad(dx []float32, at []int32, dy []float32) {
	for window := 0; window < g.OutH*g.OutW; {
		a := g.alike(window)
		window += a.count
		if g.maxLanesGradAssembled(dx, at, dy, a) {
			continue
		}
		for i := a.first * g.Inner; i < window*g.Inner; i += g.Inner {
			at := at[i:][:g.Inner]
			for k, d := range dy[i:][:g.Inner] {
				dx[int(at[k])*g.Inner+k] += d
			}
		}
	}
}
