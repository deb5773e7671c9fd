//go:build !purego

package kernel

//go:generate go run -C _asm . -file copy -out ../copy_amd64.s -stubs ../copy_stubs_amd64.go -pkg kernel

// copyRowsAssembled copies rows: see copyRows.
func copyRowsAssembled(dst, src []float32, rows, columns, apart, stride int) bool {
	if !avx2 || rows == 0 || columns == 0 {
		return false
	}
	_, _ = dst[(rows-1)*apart+columns+slack-2], src[(rows-1)*stride+columns-1]
	copyRowsAVX2(&dst[0], &src[0], rows, columns, apart, stride)
	return true
}
