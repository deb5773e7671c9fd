//go:build !amd64 || purego

package kernel

// Each of these does what the function in rows.go does that calls it, if there is assembly for it.

func rowSums(total, x []float32, rows, columns int) bool { return false }

func rowDifferences(total, top, x []float32, rows, columns int) bool { return false }

func rowSquares(total, mean, x []float32, rows, columns int) bool { return false }

func rowDots(total, x, y []float32, rows, columns int) bool { return false }

func rowMaxima(top, x []float32, rows, columns int) bool { return false }

func rowExponentials(total, y, x, top []float32, rows, columns int) bool { return false }

func divideRows(y, total []float32, rows, columns int) bool { return false }

func softmaxGradRows(dx, y, dy, total []float32, rows, columns int) bool { return false }

func crossEntropyGradRows(dx, p, scale []float32, rows, columns int, wrong float32) bool {
	return false
}

func normaliseRows(y, mean, rstd, x, w, b []float32, rows, columns int) bool { return false }

func normGradSumRows(sum, product, mean, rstd, dy, x, w []float32, rows, columns int) bool {
	return false
}

func normGradRows(dx, sum, product, mean, rstd, dy, x, w []float32, rows, columns int) bool {
	return false
}

func columnSquares(total, mean, x []float32, rows, stride int, fresh bool) bool { return false }

func columnProducts(total, mean, rstd, dy, x []float32, rows, stride int, fresh bool) bool {
	return false
}

func (d *downwards) four(sums *[4 * panel]float32, from, rows, apart, column, columns int) {}

func columnProductsOfRows(total, mean, rstd, dy, x []float32, rows, stride int, fresh bool) bool {
	return false
}

func normaliseColumns(y, x []float32, by *normalising, rows, columns, stride int) bool { return false }

func normaliseByFactors(y, x, by []float32, rows, columns, stride int) bool { return false }

func normaliseColumnsGrad(dx, dy, x []float32, by *denormalising, rows, columns, stride int) bool {
	return false
}
