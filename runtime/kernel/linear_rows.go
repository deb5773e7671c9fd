package kernel

// The same products for weights in row-major order, such as one that an embedding reads too.

// LinearRows computes y = x·Wᵀ + b: x [n, in], w [out, in], b [out] or nil, y [n, out].
func LinearRows(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	LinearRowsThen(p, y, x, w, b, scratch, n, in, out)
}

// LinearRowsThen computes what LinearRows does, followed by maps as in LinearThen.
func LinearRowsThen(p *Pool, y, x, w, b, scratch []float32, n, in, out int, maps ...Map) {
	m := multiplication{c: y, a: x, b: w, bias: b, rows: n, columns: out, terms: in, positions: 1, turnedB: true}
	m.run(p, maps)
}

// LinearGradInputRows computes ∂x = ∂y·W: dy [n, out], w [out, in], dx [n, in].
func LinearGradInputRows(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	LinearGradInputRowsThen(p, dx, dy, w, scratch, n, in, out)
}

// LinearGradInputRowsThen computes what LinearGradInputRows does, followed by maps as in LinearGradInputThen.
func LinearGradInputRowsThen(p *Pool, dx, dy, w, scratch []float32, n, in, out int, maps ...Map) {
	m := multiplication{c: dx, a: dy, b: w, rows: n, columns: in, terms: out, positions: 1}
	m.run(p, maps)
}

// LinearGradWeightRows computes ∂W = Σ ∂yᵀ·x over n rows of that many positions: x [n·positions, in],
// dy [n·positions, out], dw [out, in].
func LinearGradWeightRows(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int) {
	m := multiplication{c: dw, a: dy, b: x, rows: out, columns: in, terms: n * positions, positions: positions, turnedA: true}
	m.run(p, nil)
}
