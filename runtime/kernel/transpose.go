package kernel

// transpose writes element t of column u, at src[u·stride + t], to dst[t·apart + u], for that many columns and terms.
func transpose(dst, src []float32, columns, terms, apart, stride int) {
	done := 0
	if terms >= 8 {
		for ; columns-done >= 8; done += 8 {
			eights := transposeEights(dst[done:], src[done*stride:], terms, apart, stride)
			if eights == 0 {
				break
			}
			if eights < terms {
				turn(dst[eights*apart+done:], src[done*stride+eights:], 8, terms-eights, apart, stride)
			}
		}
	}
	if done < columns {
		turn(dst[done:], src[done*stride:], columns-done, terms, apart, stride)
	}
}

// turn does the same, element by element.
func turn(dst, src []float32, columns, terms, apart, stride int) {
	for t := range terms {
		to, from := dst[t*apart:][:columns], src[t:]
		for u := range to {
			to[u] = from[u*stride]
		}
	}
}
