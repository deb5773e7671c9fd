//go:build !purego

package kernel

// neon says that products use assembly: every arm64 processor has its instructions.
var neon = true

// mostRows is the largest number of rows of one call: assembly cannot be interrupted, and this takes some 50 µs.
const mostRows = 256

// mostColumns is the same for the columns of which rows are added up.
const mostColumns = 512

// stripNEON computes a strip of at most 16 columns; its addresses are those of the first elements.
//
//go:noescape
func stripNEON(c, a, b, bias *float32, rows, columns, terms, rowA, termB, rowC int, first bool)

// turnedStripNEON does the same where A's rows lie side by side.
//
//go:noescape
func turnedStripNEON(c, a, b, bias *float32, rows, columns, terms, termA, termB, rowC int, first bool)

// rowsNEON computes a block of one to three rows. There are that many pairs of panels; those of B begin that many elements
// apart, those of C lie side by side.
//
//go:noescape
func rowsNEON(c, a, b, bias *float32, rows, pairs, terms, rowA, termA, termB, apart, rowC int, first bool)

// transposeNEON writes element t of column u, at src[u·stride + t], to dst[t·apart + u], for fours·4 terms of 8 columns.
//
//go:noescape
func transposeNEON(dst, src *float32, fours, apart, stride int)

// copyPanelsNEON copies rows that begin stride elements apart; panels of the copy begin that many elements apart.
//
//go:noescape
func copyPanelsNEON(dst, src *float32, panels, rows, stride, apart int)

// segmented reports whether the terms of a strip may lie in segments.
func segmented() bool { return false }

// assembly computes the strip if there is assembly for it.
func (s *strip) assembly(c, a, b, bias []float32) bool {
	if !neon || s.terms == 0 {
		return false
	}
	from := 0
	if s.rows <= lowRows {
		from = s.pairs(c, a, b, bias)
	}
	for ; from < s.columns; from += panel {
		columns := min(panel, s.columns-from)
		s.panel(c[from:], a, b[from/panel*s.apart:], biasAt(bias, from, columns), columns)
	}
	return true
}

// biasAt returns the address of some columns' bias, or nil.
func biasAt(bias []float32, from, columns int) *float32 {
	if bias == nil {
		return nil
	}
	return &bias[from:][:columns][0]
}

// pairs computes what pairs of panels the strip has, and returns their number of columns.
func (s *strip) pairs(c, a, b, bias []float32) (columns int) {
	pairs := s.columns / (2 * panel)
	columns = pairs * 2 * panel
	if pairs > 0 {
		_, _ = c[(s.rows-1)*s.rowC+columns-1], a[(s.rows-1)*s.rowA+(s.terms-1)*s.termA]
		_ = b[(2*pairs-1)*s.apart+(s.terms-1)*s.termB+panel-1]
		rowsNEON(&c[0], &a[0], &b[0], biasAt(bias, 0, columns), s.rows, pairs, s.terms, s.rowA, s.termA, s.termB, s.apart, s.rowC, s.first)
	}
	return columns
}

// panel computes some of the strip's columns, at most 16.
func (s *strip) panel(c, a, b []float32, bias *float32, columns int) {
	_ = b[(s.terms-1)*s.termB+columns-1]
	for from := 0; from < s.rows; from += mostRows {
		rows := min(mostRows, s.rows-from)
		c, a := c[from*s.rowC:], a[from*s.rowA:]
		_, _ = c[(rows-1)*s.rowC+columns-1], a[(rows-1)*s.rowA+(s.terms-1)*s.termA]
		if s.termA == 1 {
			stripNEON(&c[0], &a[0], &b[0], bias, rows, columns, s.terms, s.rowA, s.termB, s.rowC, s.first)
		} else {
			turnedStripNEON(&c[0], &a[0], &b[0], bias, rows, columns, s.terms, s.termA, s.termB, s.rowC, s.first)
		}
	}
}

// factorOne is what columns are multiplied with to be added up. It is never written to.
var factorOne = []float32{1}

// sumRows adds up the columns of one block of rows, stores the sums of the first block and adds those of later ones: they
// are a row of products with 1.
func sumRows(dst, x []float32, columns, rows, stride int, first bool) bool {
	if !neon {
		return false
	}
	for from := 0; from < columns; from += mostColumns {
		s := strip{rows: 1, columns: min(mostColumns, columns-from), terms: rows, termB: stride, apart: panel, first: first}
		s.assembly(dst[from:], factorOne, x[from:], nil)
	}
	return true
}

// transposeEights transposes that many eights of terms of 8 columns: see transpose.
func transposeEights(dst, src []float32, eights, apart, stride int) bool {
	if !neon {
		return false
	}
	_, _ = dst[(eights*8-1)*apart+7], src[7*stride+eights*8-1]
	transposeNEON(&dst[0], &src[0], 2*eights, apart, stride)
	return true
}

// copyWhole copies whole panels of rows that begin stride elements apart to room for blocks: see workspace.
func copyWhole(dst, src []float32, panels, rows, stride int) bool {
	if !neon || panels == 0 {
		return false
	}
	_, _ = dst[(panels-1)*block*panel+rows*panel-1], src[(rows-1)*stride+panels*panel-1]
	copyPanelsNEON(&dst[0], &src[0], panels, rows, stride, block*panel)
	return true
}
