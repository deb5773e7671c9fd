//go:build !purego

package kernel

//go:generate go run -C _asm . -file attention -out ../attention_amd64.s -stubs ../attention_stubs_amd64.go -pkg kernel

// Each of these does what the function in scores.go does that calls it, if there is assembly for it. There is at least one
// row of at least one column.

func rowMaximaApart(top, x []float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	rowMaximaApartWide(first(top, rows), first(x, (rows-1)*stride+columns), rows, columns, stride)
	return true
}

func rowExponentialsApart(total, x, top []float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	x0 := first(x, (rows-1)*stride+columns)
	rowExponentialsApartWide(first(total, rows), first(top, rows), x0, x0, rows, columns, stride)
	return true
}

func softmaxGradRowsApart(dx, y, total []float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + columns
	dx0 := first(dx, size)
	softmaxGradRowsApartWide(first(total, rows), dx0, first(y, size), dx0, rows, columns, stride)
	return true
}
