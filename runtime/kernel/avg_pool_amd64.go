//go:build !purego

package kernel

// meansAssembled computes the means of windows that are alike and have at most a block of elements, if there is assembly for it.
func (g *Pool2D) meansAssembled(y, x []float32, a alike) bool {
	if !avx2 || g.Inner == 1 {
		return false
	}
	by := float32(g.KernelH * g.KernelW)
	windows, _ := g.windowsAtOnce(a)
	for from := 0; from < a.count; from += windows {
		place, count := a.place+from*g.StrideW, min(windows, a.count-from)
		y := y[(a.first+from)*g.Inner:][:count*g.Inner]
		x := x[place*g.Inner:][:((a.rows-1)*g.Width+(count-1)*g.StrideW+a.columns)*g.Inner]
		if g.Inner <= halfPanel {
			meansOfLanesAVX2(&y[0], &x[0], count, a.rows, a.columns, g.Inner, g.StrideW, g.Width, by)
		} else {
			meansOfLanesWide(&y[0], &x[0], count, a.rows, a.columns, g.Inner, g.StrideW, g.Width, by)
		}
	}
	return true
}

// meansGradAssembled adds the gradients of windows that are alike, if there is assembly for it.
func (g *Pool2D) meansGradAssembled(dx, dy []float32, a alike) bool {
	if !avx2 || g.Inner == 1 {
		return false
	}
	by := float32(g.KernelH * g.KernelW)
	windows, rows := g.windowsAtOnce(a)
	for from := 0; from < a.count; from += windows {
		count := min(windows, a.count-from)
		dy := dy[(a.first+from)*g.Inner:][:count*g.Inner]
		for row := 0; row < a.rows; row += rows {
			place, high := a.place+from*g.StrideW+row*g.Width, min(rows, a.rows-row)
			dx := dx[place*g.Inner:][:((high-1)*g.Width+(count-1)*g.StrideW+a.columns)*g.Inner]
			if g.Inner <= halfPanel {
				meansOfLanesGradAVX2(&dx[0], &dy[0], count, high, a.columns, g.Inner, g.StrideW, g.Width, by)
			} else {
				meansOfLanesGradWide(&dx[0], &dy[0], count, high, a.columns, g.Inner, g.StrideW, g.Width, by)
			}
		}
	}
	return true
}
