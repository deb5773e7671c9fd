package kernel

// RMSNorm scales each of n rows of size elements: y = x·rstd·w, where rstd is 1/√(mean of x² + ε). w [size] may be
// nil: 1. rstd [n] is a result, too, unless nil.
func RMSNorm(p *Pool, y, rstd, x, w []float32, n, size int, epsilon float64) {
	r := reducing{y: y, rstd: rstd, x: x, w: w, n: n, columns: size, epsilon: epsilon}
	if p.shares(n * size) {
		p.run(job{tile: func(j *job, tile int) { j.rows.rmsNorm(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.rmsNorm(group)
	}
}

// As a layer norm's whose means are 0: to take 0 away changes no bit.
func (r *reducing) rmsNorm(group int) {
	g, size := r.group(group), r.columns
	y, x := r.y[g.first*size:], r.x[g.first*size:]
	var deviations [mostTogether]float32
	s := deviations[:g.rows]
	for from := 0; from < size; from += laneBlock {
		addSquares(s, zeros[:g.rows], x[from:], g.rows, min(laneBlock, size-from))
	}
	for i, v := range s {
		s[i] = reciprocalDeviation(v/float32(size), r.epsilon)
	}
	for from := 0; from < size; from += laneBlock {
		normalise(y[from:], zeros[:g.rows], s, x[from:], behind(r.w, from), nil, g.rows, min(laneBlock, size-from))
	}
	if r.rstd != nil {
		copy(r.rstd[g.first:], s)
	}
}

// RMSNormGrad computes ∂x = rstd·(g − x̂·mean of g·x̂) for each of n rows of size elements, where g = ∂y·w and
// x̂ = x·rstd. w may be nil.
func RMSNormGrad(p *Pool, dx, x, w, rstd, dy []float32, n, size int) {
	r := reducing{y: dx, x: x, w: w, rstd: rstd, dy: dy, n: n, columns: size}
	if p.shares(n * size) {
		p.run(job{tile: func(j *job, tile int) { j.rows.rmsNormGrad(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.rmsNormGrad(group)
	}
}

func (r *reducing) rmsNormGrad(group int) {
	g, size := r.group(group), r.columns
	dx, x, dy, rstd := r.y[g.first*size:], r.x[g.first*size:], r.dy[g.first*size:], r.rstd[g.first:]
	var sums, products [mostTogether]float32
	unused, g1 := sums[:g.rows], products[:g.rows]
	for from := 0; from < size; from += laneBlock {
		addNormGradSums(unused, g1, zeros[:g.rows], rstd, dy[from:], x[from:], behind(r.w, from), g.rows, min(laneBlock, size-from))
	}
	for i := range g1 {
		g1[i] /= float32(size)
	}
	for from := 0; from < size; from += laneBlock {
		normGrad(dx[from:], zeros[:g.rows], g1, zeros[:g.rows], rstd, dy[from:], x[from:], behind(r.w, from), g.rows, min(laneBlock, size-from))
	}
}

// RMSNormGradWeight computes ∂w = Σ ∂y·x̂ over n rows of that many positions, where x̂ = x·rstd: x and dy
// [n·positions, size], rstd [n·positions], dw [size].
func RMSNormGradWeight(p *Pool, dw, x, rstd, dy []float32, n, positions, size int) {
	c := columnwise{products: dw[:size], x: x, rstd: rstd, dy: dy, terms: n * positions, positions: positions, size: size}
	c.run(p)
}
