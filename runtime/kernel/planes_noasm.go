//go:build !amd64 || purego

package kernel

// Each of these does what the function in planes.go does that calls it, if there is assembly for it.

func planeSums(sum *ring, x []float32, rows, columns, stride int) bool { return false }

func planeSquares(sum *ring, x []float32, mean float32, rows, columns, stride int) bool { return false }

func planeGradSums(sum, product *ring, dy, x []float32, mean, rstd float32, rows, columns, stride int) bool {
	return false
}

func normalisePlanes(y, x []float32, mean, scale, shift float32, rows, columns, stride int) bool {
	return false
}

func normalisePlanesGrad(dx, dy, x []float32, mean, rstd, scale, d, e float32, rows, columns, stride int) bool {
	return false
}
