//go:build !purego

package kernel

//go:generate go run -C _asm . -file reduction -out ../reduction_amd64.s -stubs ../reduction_stubs_amd64.go -pkg kernel

// Each of these does what the function in rows.go does that calls it, if there is assembly for it. There is at least one
// row of at least one column.

func rowSums(total, x []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	rowSumsWide(first(total, rows), first(x, rows*columns), rows, columns)
	return true
}

func rowDifferences(total, top, x []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	rowDifferencesWide(first(total, rows), first(top, rows), first(x, rows*columns), rows, columns)
	return true
}

func rowSquares(total, mean, x []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	rowSquaresWide(first(total, rows), first(mean, rows), first(x, rows*columns), rows, columns)
	return true
}

func rowDots(total, x, y []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	rowDotsWide(first(total, rows), first(x, rows*columns), first(y, rows*columns), rows, columns)
	return true
}

func rowMaxima(top, x []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	rowMaximaWide(first(top, rows), first(x, rows*columns), rows, columns)
	return true
}

func rowExponentials(total, y, x, top []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	sum, t, x0 := first(total, rows), first(top, rows), first(x, rows*columns)
	if y != nil {
		rowExponentialsWide(sum, t, first(y, rows*columns), x0, rows, columns)
	} else {
		rowExponentialSumsWide(sum, t, x0, rows, columns)
	}
	return true
}

func divideRows(y, total []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	divideRowsWide(first(total, rows), first(y, rows*columns), rows, columns)
	return true
}

func softmaxGradRows(dx, y, dy, total []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	size := rows * columns
	softmaxGradRowsWide(first(total, rows), first(dx, size), first(y, size), first(dy, size), rows, columns)
	return true
}

func crossEntropyGradRows(dx, p, scale []float32, rows, columns int, wrong float32) bool {
	if !avx2 {
		return false
	}
	crossEntropyGradRowsWide(first(scale, rows), first(dx, rows*columns), first(p, rows*columns), rows, columns, wrong)
	return true
}

func normaliseRows(y, mean, rstd, x, w, b []float32, rows, columns int) bool {
	if !avx2 || w == nil && b != nil {
		return false
	}
	m, s, y0, x0 := first(mean, rows), first(rstd, rows), first(y, rows*columns), first(x, rows*columns)
	switch {
	case b != nil:
		affineRowsWide(m, s, y0, x0, first(w, columns), first(b, columns), rows, columns)
	case w != nil:
		scaleRowsWide(m, s, y0, x0, first(w, columns), rows, columns)
	default:
		normaliseRowsWide(m, s, y0, x0, rows, columns)
	}
	return true
}

func normGradSumRows(sum, product, mean, rstd, dy, x, w []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	s, p, m, d := first(sum, rows), first(product, rows), first(mean, rows), first(rstd, rows)
	dy0, x0 := first(dy, rows*columns), first(x, rows*columns)
	if w != nil {
		weightedNormGradSumRowsWide(s, p, m, d, dy0, x0, first(w, columns), rows, columns)
	} else {
		normGradSumRowsWide(s, p, m, d, dy0, x0, rows, columns)
	}
	return true
}

func normGradRows(dx, sum, product, mean, rstd, dy, x, w []float32, rows, columns int) bool {
	if !avx2 {
		return false
	}
	s, p, m, d := first(sum, rows), first(product, rows), first(mean, rows), first(rstd, rows)
	dx0, dy0, x0 := first(dx, rows*columns), first(dy, rows*columns), first(x, rows*columns)
	if w != nil {
		weightedNormGradRowsWide(s, p, m, d, dx0, dy0, x0, first(w, columns), rows, columns)
	} else {
		normGradRowsWide(s, p, m, d, dx0, dy0, x0, rows, columns)
	}
	return true
}

// The next add up one block of rows of columns, for each element of total one column, as the portable code does that
// follows where they are called.

func columnSquares(total, mean, x []float32, rows, stride int, fresh bool) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + len(total)
	columnSquaresWide(&total[0], first(mean, len(total)), first(x, size), len(total), rows, stride, fresh)
	return true
}

func columnProducts(total, mean, rstd, dy, x []float32, rows, stride int, fresh bool) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + len(total)
	columnProductsWide(&total[0], first(mean, len(total)), first(rstd, len(total)), first(dy, size), first(x, size), len(total), rows, stride, fresh)
	return true
}

// four adds up the columns, at most a panel of them from one on, of four blocks of rows that begin at term from and apart terms
// from each other.
func (d *downwards) four(sums *[4 * panel]float32, from, rows, apart, column, columns int) {
	at, size := from*d.stride+column, (3*apart+rows-1)*d.stride+columns
	x := first(d.x[at:], size)
	narrow := columns <= halfPanel
	switch {
	case d.mean == nil && narrow:
		columnSumsOfFourAVX2(&sums[0], x, columns, rows, d.stride, apart*d.stride)
	case d.mean == nil:
		columnSumsOfFourWide(&sums[0], x, columns, rows, d.stride, apart*d.stride)
	case d.dy == nil && narrow:
		columnSquaresOfFourAVX2(&sums[0], first(d.mean[column:], columns), x, columns, rows, d.stride, apart*d.stride)
	case d.dy == nil:
		columnSquaresOfFourWide(&sums[0], first(d.mean[column:], columns), x, columns, rows, d.stride, apart*d.stride)
	case narrow:
		columnProductsOfFourAVX2(&sums[0], first(d.mean[column:], columns), first(d.rstd[column:], columns), first(d.dy[at:], size), x,
			columns, rows, d.stride, apart*d.stride)
	default:
		columnProductsOfFourWide(&sums[0], first(d.mean[column:], columns), first(d.rstd[column:], columns), first(d.dy[at:], size), x,
			columns, rows, d.stride, apart*d.stride)
	}
}

func columnProductsOfRows(total, mean, rstd, dy, x []float32, rows, stride int, fresh bool) bool {
	if !avx2 || len(total) == 0 {
		return false
	}
	last := (rows-1)*stride + len(total) - 1
	_, _, _, _ = mean[rows-1], rstd[rows-1], dy[last], x[last]
	for from := 0; from < len(total); from += mostColumns {
		columnProductsOfRowsWide(&total[from], &mean[0], &rstd[0], &dy[from], &x[from], min(mostColumns, len(total)-from), rows, stride, fresh)
	}
	return true
}

func normaliseColumns(y, x []float32, by *normalising, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + columns
	normaliseColumnsWide(first(y, size), first(x, size), &by.mean[0], rows, columns, stride)
	return true
}

func normaliseByFactors(y, x, by []float32, rows, columns, stride int) bool {
	if !avx2 || rows == 0 {
		return false
	}
	size := (rows-1)*stride + columns
	normaliseColumnsWide(first(y, size), first(x, size), first(by, 2*mostChannels+columns), rows, columns, stride)
	return true
}

func normaliseColumnsGrad(dx, dy, x []float32, by *denormalising, rows, columns, stride int) bool {
	if !avx2 {
		return false
	}
	size := (rows-1)*stride + columns
	normaliseColumnsGradWide(first(dx, size), first(dy, size), first(x, size), &by.mean[0], rows, columns, stride)
	return true
}

// first returns the address of an array of that many elements, at least one.
func first(x []float32, elements int) *float32 {
	_ = x[elements-1]
	return &x[0]
}
