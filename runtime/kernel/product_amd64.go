//go:build !purego

package kernel

//go:generate go run -C _asm . -file product -out ../product_amd64.s -stubs ../product_stubs_amd64.go -pkg kernel

// mostRows is the largest number of rows of one call: assembly cannot be interrupted, and this takes 50 µs.
const mostRows = 512

// assembly computes the strip if there is assembly for it.
func (s *strip) assembly(c, a, b []float32) bool {
	if !avx2 {
		return false
	}
	_ = b[(s.terms-1)*s.termB+s.columns-1]
	for from := 0; from < s.rows; from += mostRows {
		rows := min(mostRows, s.rows-from)
		c, a := c[from*s.rowC:], a[from*s.rowA:]
		_, _ = c[(rows-1)*s.rowC+s.columns-1], a[(rows-1)*s.rowA+(s.terms-1)*s.termA]
		if s.columns == panel {
			stripAVX2(&c[0], &a[0], &b[0], rows, s.terms, s.rowA, s.termA, s.termB, s.rowC, s.first)
		} else {
			narrowStripAVX2(&c[0], &a[0], &b[0], rows, s.columns, s.terms, s.rowA, s.termA, s.termB, s.rowC, s.first)
		}
	}
	return true
}

// oneRow computes one row y = x·Wᵀ for as many whole panels of W as there are, and returns how many.
func oneRow(y, x, w []float32, in, out int) (panels int) {
	panels = out / panel
	if !avx2 || in == 0 || panels == 0 {
		return 0
	}
	_, _ = y[panels*panel-1], w[panels*panel*in-1]
	for from := 0; from < in; from += block {
		terms := min(block, in-from)
		x := x[from:][:terms]
		for p := 0; p < panels; p += mostRows {
			oneRowAVX2(&y[p*panel], &x[0], &w[(p*in+from)*panel], min(mostRows, panels-p), terms, in*panel, from == 0)
		}
	}
	return panels
}

// transpose copies as many whole eights of terms of 16 columns as there are, and returns how many terms.
func transpose(dst, src []float32, terms, stride int) int {
	eights := terms / 8
	if !avx2 || eights == 0 {
		return 0
	}
	_, _ = dst[eights*8*panel-1], src[(panel-1)*stride+eights*8-1]
	transposeAVX2(&dst[0], &src[0], eights, stride)
	return eights * 8
}
