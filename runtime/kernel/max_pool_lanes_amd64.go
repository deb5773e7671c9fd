//go:build !purego

package kernel

import "unsafe"

// maxLanesAssembled finds the largest elements of windows that are alike, if there is assembly for it.
func (g *Pool2D) maxLanesAssembled(y []float32, at []int32, x []float32, a alike) bool {
	if !avx2 {
		return false
	}
	windows, rows := g.windowsAtOnce(a)
	for from := 0; from < a.count; from += windows {
		first, count := (a.first+from)*g.Inner, min(windows, a.count-from)
		y := y[first:][:count*g.Inner]
		var at0 *float32
		if at != nil {
			at0 = (*float32)(unsafe.Pointer(&at[first:][:len(y)][0]))
		}
		for row := 0; row < a.rows; row += rows {
			place, high := a.place+from*g.StrideW+row*g.Width, min(rows, a.rows-row)
			x := x[place*g.Inner:][:((high-1)*g.Width+(count-1)*g.StrideW+a.columns)*g.Inner]
			if g.Inner <= halfPanel {
				maxLanesAVX2(&y[0], at0, &x[0], count, high, a.columns, g.Inner, g.StrideW, g.Width, place, row == 0)
			} else {
				maxLanesWide(&y[0], at0, &x[0], count, high, a.columns, g.Inner, g.StrideW, g.Width, place, row == 0)
			}
		}
	}
	return true
}

// maxLanesGradAssembled adds the gradients of windows that are alike, if there is assembly for it.
func (g *Pool2D) maxLanesGradAssembled(dx []float32, at []int32, dy []float32, a alike) bool {
	if !avx2 {
		return false
	}
	windows, rows := g.windowsAtOnce(a)
	for from := 0; from < a.count; from += windows {
		first, count := (a.first+from)*g.Inner, min(windows, a.count-from)
		dy := dy[first:][:count*g.Inner]
		at0 := (*float32)(unsafe.Pointer(&at[first:][:len(dy)][0]))
		for row := 0; row < a.rows; row += rows {
			place, high := a.place+from*g.StrideW+row*g.Width, min(rows, a.rows-row)
			dx := dx[place*g.Inner:][:((high-1)*g.Width+(count-1)*g.StrideW+a.columns)*g.Inner]
			if g.Inner <= halfPanel {
				maxLanesGradAVX2(&dx[0], at0, &dy[0], count, high, a.columns, g.Inner, g.StrideW, g.Width, place)
			} else {
				maxLanesGradWide(&dx[0], at0, &dy[0], count, high, a.columns, g.Inner, g.StrideW, g.Width, place)
			}
		}
	}
	return true
}
