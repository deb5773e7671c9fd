//go:build !purego

package kernel

import "unsafe"

// maxLanesAssembled finds the largest elements of windows that are alike, if there is assembly for it.
func (g *Pool2D) maxLanesAssembled(y []float32, at []int32, x []float32, a alike) bool {
	if !avx2 {
		return false
	}
	for p := g.portion(a); p.lines > 0; p = g.nextPortion(a, p) {
		y, x, skip := g.resultsOf(y, p), g.reads(x, a, p), g.skip(p)
		var at0 *float32
		if at != nil {
			at0 = &g.resultsOf(floats(at), p)[0]
		}
		switch {
		case g.pairs(a) && g.Inner%panel == 0:
			maxPairsWide(&y[0], at0, &x[0], p.lines, p.windows, skip, g.Inner, g.StrideW, g.Width, p.place)
		case g.pairs(a):
			maxPairsAVX2(&y[0], at0, &x[0], p.lines, p.windows, skip, g.Inner, g.StrideW, g.Width, p.place)
		case g.Inner <= halfPanel:
			maxLanesAVX2(&y[0], at0, &x[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, p.place, p.row == 0)
		default:
			maxLanesWide(&y[0], at0, &x[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, p.place, p.row == 0)
		}
	}
	return true
}

// floats is the memory of places, as assembly is given it.
func floats(at []int32) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(at))), len(at))
}

// maxLanesGradAssembled adds the gradients of windows that are alike, if there is assembly for it.
func (g *Pool2D) maxLanesGradAssembled(dx []float32, at []int32, dy []float32, a alike) bool {
	if !avx2 {
		return false
	}
	for p := g.portion(a); p.lines > 0; p = g.nextPortion(a, p) {
		dx, dy, at0, skip := g.reads(dx, a, p), g.resultsOf(dy, p), &g.resultsOf(floats(at), p)[0], g.skip(p)
		switch {
		case g.pairs(a) && g.apart() && g.Inner%panel == 0:
			maxPairsGradWide(&dx[0], at0, &dy[0], p.lines, p.windows, skip, g.Inner, g.StrideW, g.Width, p.place)
		case g.pairs(a) && g.apart():
			maxPairsGradAVX2(&dx[0], at0, &dy[0], p.lines, p.windows, skip, g.Inner, g.StrideW, g.Width, p.place)
		case g.Inner <= halfPanel:
			maxLanesGradAVX2(&dx[0], at0, &dy[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, p.place)
		default:
			maxLanesGradWide(&dx[0], at0, &dy[0], p.lines, p.windows, skip, p.rows, a.columns, g.Inner, g.StrideW, g.Width, p.place)
		}
	}
	return true
}

// pairs reports whether there is assembly of its own for the windows: of 2×2 places of whole registers.
func (g *Pool2D) pairs(a alike) bool {
	return avx2 && a.rows == 2 && a.columns == 2 && g.Inner%halfPanel == 0 && g.Inner <= lanesOfCall
}

// apart reports whether no place lies in two windows.
func (g *Pool2D) apart() bool { return g.StrideH >= g.KernelH && g.StrideW >= g.KernelW }

// writesAll reports whether maxLanesGrad writes every element of a plane.
func (g *Pool2D) writesAll() bool {
	whole := g.KernelH*g.OutH == g.Height && g.KernelW*g.OutW == g.Width && g.StrideH == g.KernelH && g.StrideW == g.KernelW
	return whole && g.PadH == 0 && g.PadW == 0 && g.pairs(g.alike(0, 0))
}
