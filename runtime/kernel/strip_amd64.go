//go:build !purego

package kernel

//go:generate go run -C _asm . -file product -out ../product_amd64.s -stubs ../product_stubs_amd64.go -pkg kernel

// mostRows is the largest number of rows of one call: assembly cannot be interrupted, and this takes 50 µs.
const mostRows = 512

// mostColumns is the same for the columns of which rows are added up.
const mostColumns = 1024

// segmented reports whether the terms of a strip may lie in segments.
func segmented() bool { return avx2 }

// assembly computes the strip if there is assembly for it.
func (s *strip) assembly(c, a, b, bias []float32) bool {
	if !avx2 || s.terms == 0 {
		return false
	}
	var shift *float32
	if bias != nil {
		shift = &bias[:s.columns][0]
	}
	if s.rows <= lowRows {
		s.low(c, a, b, shift)
		return true
	}
	_ = b[(s.terms-1)*s.termB+s.columns-1]
	lead, jumps := s.terms, 0
	if s.segment > 0 {
		lead = s.lead
		jumps = (s.terms - lead + s.segment - 1) / s.segment * s.jump
	}
	for from := 0; from < s.rows; from += mostRows {
		rows := min(mostRows, s.rows-from)
		c, a := c[from*s.rowC:], a[from*s.rowA:]
		_, _ = c[(rows-1)*s.rowC+s.columns-1], a[(rows-1)*s.rowA+(s.terms-1)*s.termA+jumps]
		switch turned := s.termA != 1; {
		case turned && s.columns == panel:
			turnedStripWide(&c[0], &a[0], &b[0], shift, rows, s.terms, s.termA, s.termB, s.rowC, s.first, lead, s.segment, s.jump*4)
		case turned && s.columns <= halfPanel:
			turnedNarrowStripAVX2(&c[0], &a[0], &b[0], shift, rows, s.columns, s.terms, s.termA, s.termB, s.rowC, s.first, lead, s.segment, s.jump*4)
		case turned:
			turnedNarrowStripWide(&c[0], &a[0], &b[0], shift, rows, s.columns, s.terms, s.termA, s.termB, s.rowC, s.first, lead, s.segment, s.jump*4)
		case s.columns == panel:
			stripWide(&c[0], &a[0], &b[0], shift, rows, s.terms, s.rowA, s.termB, s.rowC, s.first, lead, s.segment, s.jump*4)
		case s.columns <= halfPanel:
			narrowStripAVX2(&c[0], &a[0], &b[0], shift, rows, s.columns, s.terms, s.rowA, s.termB, s.rowC, s.first, lead, s.segment, s.jump*4)
		default:
			narrowStripWide(&c[0], &a[0], &b[0], shift, rows, s.columns, s.terms, s.rowA, s.termB, s.rowC, s.first, lead, s.segment, s.jump*4)
		}
	}
	return true
}

// low computes a strip of at most lowRows rows, of any number of columns.
func (s *strip) low(c, a, b []float32, bias *float32) {
	_, _ = c[(s.rows-1)*s.rowC+s.columns-1], a[(s.rows-1)*s.rowA+(s.terms-1)*s.termA]
	_ = b[(s.columns-1)/panel*s.apart+(s.terms-1)*s.termB+(s.columns-1)%panel]
	rowsWide(&c[0], &a[0], &b[0], bias, s.rows, s.columns, s.terms, s.rowA, s.termA, s.termB, s.apart, s.rowC, s.first)
}

// sumRows adds up the columns of one block of rows, stores the sums of the first block and adds those of later ones.
func sumRows(dst, x []float32, columns, rows, stride int, first bool) bool {
	if !avx2 || columns == 0 {
		return false
	}
	_, _ = dst[columns-1], x[(rows-1)*stride+columns-1]
	for from := 0; from < columns; from += mostColumns {
		sumRowsWide(&dst[from], &x[from], min(mostColumns, columns-from), rows, stride, first)
	}
	return true
}

// acrossEights adds to C, or to 0 if it is fresh, the products of that many terms for whole eights of columns: element
// (t, j) of B is b[j·columnB + t], element (i, t) of A is a[t·rows + i], rows of C begin rowC apart.
func acrossEights(c, a, b []float32, rows, columns, terms, columnB, rowC int, fresh bool) {
	_, _, _ = c[(rows-1)*rowC+columns-1], a[rows*terms-1], b[(columns-1)*columnB+terms-1]
	acrossAVX2(&c[0], &a[0], &b[0], rows, columns/8, terms, columnB, rowC, fresh)
}

// transposeEights transposes that many eights of terms of 8 columns: see transpose.
func transposeEights(dst, src []float32, eights, apart, stride int) bool {
	if !avx2 {
		return false
	}
	_, _ = dst[(eights*8-1)*apart+7], src[7*stride+eights*8-1]
	transposeAVX2(&dst[0], &src[0], eights, apart, stride)
	return true
}

// copyWhole copies whole panels of rows that begin stride elements apart to room for blocks: see workspace.
func copyWhole(dst, src []float32, panels, rows, stride int) bool {
	if !avx2 || panels == 0 {
		return false
	}
	_, _ = dst[(panels-1)*block*panel+rows*panel-1], src[(rows-1)*stride+panels*panel-1]
	copyPanelsWide(&dst[0], &src[0], panels, rows, stride, block*panel)
	return true
}
