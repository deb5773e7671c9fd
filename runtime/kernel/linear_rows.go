package kernel

// The same products for weights in row-major order, such as one that an embedding reads too.

// LinearRows computes y = x·Wᵀ + b: x [n, in], w [out, in], b [out] or nil, y [n, out].
func LinearRows(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	if in == 0 {
		clear(y[:n*out])
	}
	var columns packed
	for j := 0; j < out; j += panel {
		width := min(panel, out-j)
		for from := 0; from < in; from += block {
			terms := min(block, in-from)
			columns.pack(w[j*in+from:], 0, terms, width, in)
			strip{
				rows: n, columns: width, terms: terms,
				rowA: in, termA: 1, termB: panel, rowC: out, first: from == 0,
			}.run(y[j:], x[from:], columns[:])
		}
	}
	if b != nil {
		addBias(y, b, n, out)
	}
}

// LinearGradInputRows computes ∂x = ∂y·W: dy [n, out], w [out, in], dx [n, in].
func LinearGradInputRows(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	for k := 0; k < in; k += panel {
		for from := 0; from < out; from += block {
			strip{
				rows: n, columns: min(panel, in-k), terms: min(block, out-from),
				rowA: out, termA: 1, termB: in, rowC: in, first: from == 0,
			}.run(dx[k:], dy[from:], w[from*in+k:])
		}
	}
}

// LinearGradWeightRows computes ∂W = Σ ∂yᵀ·x over n rows of that many positions: x [n·positions, in],
// dy [n·positions, out], dw [out, in].
func LinearGradWeightRows(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int) {
	terms := n * positions
	for k := 0; k < in; k += panel {
		for from, to := 0, 0; from < terms; from = to {
			to = blockEnd(from, terms, positions)
			strip{
				rows: out, columns: min(panel, in-k), terms: to - from,
				rowA: 1, termA: out, termB: in, rowC: in, first: from == 0,
			}.run(dw[k:], dy[from*out:], x[from*in+k:])
		}
	}
}
