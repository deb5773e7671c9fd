package kernel

// maxLanes finds the largest elements of the windows of a plane x whose places have several elements.
func (g *Pool2D) maxLanes(y []float32, at []int32, x []float32) {
	for a := g.alike(0, 0); a.count > 0; a = g.next(a) {
		if g.maxLanesAssembled(y, at, x, a) {
			continue
		}
		for i := range a.lines * a.count {
			at := at
			window, place := g.window(a, i)
			if at != nil {
				at = at[window*g.Inner:][:g.Inner]
			}
			g.largestOfEach(y[window*g.Inner:][:g.Inner], at, x, a, place)
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

// maxLanesGrad adds to ∂x each ∂y of such windows at its place. It holds zeros before, unless writesAll says that it need not.
func (g *Pool2D) maxLanesGrad(dx []float32, at []int32, dy []float32) {
	for a := g.alike(0, 0); a.count > 0; a = g.next(a) {
		if g.maxLanesGradAssembled(dx, at, dy, a) {
			continue
		}
		for i := range a.lines * a.count {
			window, _ := g.window(a, i)
			at := at[window*g.Inner:][:g.Inner]
			for k, d := range dy[window*g.Inner:][:g.Inner] {
				dx[int(at[k])*g.Inner+k] += d
			}
		}
	}
}
