//go:build !purego

package kernel

//go:generate go run -C _asm . -out ../product_amd64.s -stubs ../product_stubs_amd64.go -pkg kernel

// avx2 says that there are registers of 256 bits and fused multiply-adds, and that the operating system saves them.
var avx2 = hasAVX2()

func hasAVX2() bool {
	const fma, osxsave, avx, avx2, ymm = 1 << 12, 1 << 27, 1 << 28, 1 << 5, 6
	if most, _, _, _ := cpuid(0, 0); most < 7 {
		return false
	}
	_, _, features, _ := cpuid(1, 0)
	if features&(fma|osxsave|avx) != fma|osxsave|avx {
		return false
	}
	if saved, _ := xgetbv(); saved&ymm != ymm {
		return false
	}
	_, extended, _, _ := cpuid(7, 0)
	return extended&avx2 != 0
}

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
