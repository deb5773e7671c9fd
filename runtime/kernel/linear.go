package kernel

// Linear computes y = x·Wᵀ + b: x [n, in], w [out, in] in panels, b [out] or nil, y [n, out].
func Linear(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	if in == 0 {
		clear(y[:n*out])
	}
	done := 0
	if n == 1 {
		done = panel * oneRow(y, x, w, in, out)
	}
	for j := done; j < out; j += panel {
		width := min(panel, out-j)
		for from := 0; from < in; from += block {
			strip{
				rows: n, columns: width, terms: min(block, in-from),
				rowA: in, termA: 1, termB: width, rowC: out, first: from == 0,
			}.run(y[j:], x[from:], w[j*in+from*width:])
		}
	}
	if b != nil {
		addBias(y, b, n, out)
	}
}

// LinearGradInput computes ∂x = ∂y·W: dy [n, out], w [out, in] in panels, dx [n, in].
func LinearGradInput(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	var b packed
	for from := 0; from < out; from += block {
		terms := min(block, out-from)
		for k := 0; k < in; k += panel {
			columns := min(panel, in-k)
			for t := 0; t < terms; t += panel {
				width := min(panel, terms-t)
				b.pack(w[(from+t)*in+k*width:], t, width, columns, width)
			}
			strip{
				rows: n, columns: columns, terms: terms,
				rowA: out, termA: 1, termB: panel, rowC: in, first: from == 0,
			}.run(dx[k:], dy[from:], b[:])
		}
	}
}

// LinearGradWeight computes ∂W = Σ ∂yᵀ·x over n rows of that many positions: x [n·positions, in],
// dy [n·positions, out], dw [out, in] in panels.
func LinearGradWeight(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int) {
	terms := n * positions
	for j := 0; j < out; j += panel {
		width := min(panel, out-j)
		for from, to := 0, 0; from < terms; from = to {
			to = blockEnd(from, terms, positions)
			strip{
				rows: in, columns: width, terms: to - from,
				rowA: 1, termA: in, termB: out, rowC: width, first: from == 0,
			}.run(dw[j*in:], x[from*in:], dy[from*out+j:])
		}
	}
}

// LinearGradBias computes ∂b = Σ ∂y over n rows of that many positions: dy [n·positions, out], db [out].
func LinearGradBias(p *Pool, db, dy []float32, n, positions, out int) {
	columnSums(db, dy, n*positions, positions, out)
}
