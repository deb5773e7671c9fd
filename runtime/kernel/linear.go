package kernel

// Linear computes y = x·Wᵀ + b: x [n, in], w [out, in] in panels, b [out] or nil, y [n, out].
func Linear(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	LinearThen(p, y, x, w, b, scratch, n, in, out)
}

// LinearThen computes what Linear does, followed by up to four maps over n·out elements, which may read and write y.
func LinearThen(p *Pool, y, x, w, b, scratch []float32, n, in, out int, maps ...Map) {
	m := multiplication{c: y, a: x, b: w, bias: b, rows: n, columns: out, terms: in, positions: 1, panelsB: true}
	m.run(p, maps)
}

// LinearGradInput computes ∂x = ∂y·W: dy [n, out], w [out, in] in panels, dx [n, in].
func LinearGradInput(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	LinearGradInputThen(p, dx, dy, w, scratch, n, in, out)
}

// LinearGradInputThen computes what LinearGradInput does, followed by up to four maps over n·in elements, which may
// read and write dx.
func LinearGradInputThen(p *Pool, dx, dy, w, scratch []float32, n, in, out int, maps ...Map) {
	m := multiplication{c: dx, a: dy, b: w, rows: n, columns: in, terms: out, positions: 1, turnedB: true, panelsB: true}
	m.run(p, maps)
}

// LinearGradWeight computes ∂W = Σ ∂yᵀ·x over n rows of that many positions: x [n·positions, in],
// dy [n·positions, out], dw [out, in] in panels.
func LinearGradWeight(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int) {
	m := multiplication{c: dw, a: x, b: dy, rows: in, columns: out, terms: n * positions, positions: positions, turnedA: true, panelsC: true}
	m.run(p, nil)
}

// LinearGradBias computes ∂b = Σ ∂y over n rows of that many positions: dy [n·positions, out], db [out].
func LinearGradBias(p *Pool, db, dy []float32, n, positions, out int) {
	c := columnwise{sums: db[:out], dy: dy, terms: n * positions, positions: positions, size: out}
	c.run(p)
}
