//go:build !purego

package kernel

import "unsafe"

// assembled finds the largest elements of so many windows of some lines, the first of which is number window of its
// line, if there is assembly for that. Those of the first line begin in row top of the plane and have so many rows.
func (w *windows) assembled(first, lines, window, count, top, rows int) bool {
	g := w.g
	if !avx2 || count < 4 || g.StrideW > 2 || g.KernelW < g.StrideW {
		return false
	}
	y := w.y[first*g.OutW+window:][:(lines-1)*g.OutW+count]
	at := w.at
	if at != nil {
		at = at[first*g.OutW+window:][:len(y)]
	}
	place := top*g.Width + window*g.StrideW - g.PadW
	x := w.plane[place:][:((lines-1)*g.StrideH+rows-1)*g.Width+(count-1)*g.StrideW+g.KernelW]
	y0, at0, x0, apart := &y[0], (*float32)(unsafe.Pointer(unsafe.SliceData(at))), &x[0], g.StrideH*g.Width
	switch {
	case count < 8 && g.StrideW == 1:
		maxPool4By1AVX2(y0, at0, x0, lines, count, apart, g.OutW, rows, g.KernelW, g.Width, place)
	case count < 8:
		maxPool4By2AVX2(y0, at0, x0, lines, count, apart, g.OutW, rows, g.KernelW, g.Width, place)
	case g.StrideW == 1:
		maxPool8By1AVX2(y0, at0, x0, lines, count, apart, g.OutW, rows, g.KernelW, g.Width, place)
	default:
		maxPool8By2AVX2(y0, at0, x0, lines, count, apart, g.OutW, rows, g.KernelW, g.Width, place)
	}
	return true
}
