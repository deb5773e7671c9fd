//go:build !purego

package kernel

// meansAssembled computes the means of windows that are alike and have at most a block of elements, if there is assembly for it.
func (g *Pool2D) meansAssembled(y, x []float32, a alike) bool {
	if !avx2 || a.columns*((g.Inner+7)/8)*a.rows > 8*lanesOfCall {
		return false
	}
	by := float32(g.KernelH * g.KernelW)
	for p := g.portion(a); p.lines > 0; p = g.nextPortion(a, p) {
		p.rows = a.rows // a sum is not interrupted
		y, x, skip := g.resultsOf(y, p), g.reads(x, a, p), g.skip(p)
		if g.Inner <= halfPanel {
			meansOfLanesAVX2(&y[0], &x[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, by)
		} else {
			meansOfLanesWide(&y[0], &x[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, by)
		}
	}
	return true
}

// meansGradAssembled adds the gradients of windows that are alike, if there is assembly for it.
func (g *Pool2D) meansGradAssembled(dx, dy []float32, a alike) bool {
	if !avx2 {
		return false
	}
	by := float32(g.KernelH * g.KernelW)
	for p := g.portion(a); p.lines > 0; p = g.nextPortion(a, p) {
		dx, dy, skip := g.reads(dx, a, p), g.resultsOf(dy, p), g.skip(p)
		if g.Inner <= halfPanel {
			meansOfLanesGradAVX2(&dx[0], &dy[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, by)
		} else {
			meansOfLanesGradWide(&dx[0], &dy[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, by)
		}
	}
	return true
}
