//go:build !purego

package kernel

// Each of these does what the function in planes.go does that calls it, if there is assembly for it. There is at least
// one row of at least one column.

func planeSums(sum *ring, x []float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	planeSumsWide(&sum[0], first(x, (rows-1)*stride+columns), rows, columns, stride)
	return true
}

func planeSquares(sum *ring, x []float32, mean float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	planeSquaresWide(&sum[0], first(x, (rows-1)*stride+columns), rows, columns, stride, mean)
	return true
}

func planeGradSums(sum, product *ring, dy, x []float32, mean, rstd float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + columns
	planeGradSumsWide(&sum[0], &product[0], first(dy, size), first(x, size), rows, columns, stride, mean, rstd)
	return true
}

func normalisePlanes(y, x []float32, mean, scale, shift float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + columns
	normalisePlanesWide(first(y, size), first(x, size), rows, columns, stride, mean, scale, shift)
	return true
}

func normalisePlanesGrad(dx, dy, x []float32, mean, rstd, scale, d, e float32, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + columns
	normalisePlanesGradWide(first(dx, size), first(dy, size), first(x, size), rows, columns, stride, mean, rstd, scale, d, e)
	return true
}
