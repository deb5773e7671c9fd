package kernel

// columnSums adds up the columns of x [terms, columns], whose rows begin stride elements apart, as a product with ones
// would: dst [columns].
func columnSums(dst, x []float32, terms, positions, columns, stride int) {
	for from, to := 0, 0; from < terms; from = to {
		to = blockEnd(from, terms, positions)
		if sumRows(dst, x[from*stride:], columns, to-from, stride, from == 0) {
			continue
		}
		for j := 0; j < columns; j += panel {
			width := min(panel, columns-j)
			var sums [panel]float32
			for r := from; r < to; r++ {
				for k, v := range x[r*stride+j:][:width] {
					sums[k] += v
				}
			}
			joinColumns(dst[j:][:width], sums[:], from == 0)
		}
	}
}

// joinColumns stores the sums of the first block and adds those of later ones.
func joinColumns(dst []float32, sums []float32, first bool) {
	if first {
		copy(dst, sums)
		return
	}
	for k := range dst {
		dst[k] += sums[k]
	}
}
