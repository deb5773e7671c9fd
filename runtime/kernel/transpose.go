package kernel

// transpose writes element t of column u, at src[u·stride + t], to dst[t·apart + u], for that many columns and terms.
// Where they are no multiples of 8, the last eight overlap those before.
func transpose(dst, src []float32, columns, terms, apart, stride int) {
	for from := 0; from < columns; from += 8 {
		u := max(0, min(from, columns-8))
		if columns < 8 || terms < 8 || !transposeEights(dst[u:], src[u*stride:], terms/8, apart, stride) {
			turn(dst, src, columns, terms, apart, stride)
			return
		}
		if t := terms - 8; terms%8 > 0 {
			transposeEights(dst[t*apart+u:], src[u*stride+t:], 1, apart, stride)
		}
	}
}

// turn does the same element by element.
func turn(dst, src []float32, columns, terms, apart, stride int) {
	for t := range terms {
		to, from := dst[t*apart:][:columns], src[t:]
		for u := range to {
			to[u] = from[u*stride]
		}
	}
}
