package kernel

import "math"

// LayerNorm normalises each of n rows of size elements: y = (x − mean)·rstd·w + b, where rstd is 1/√(variance + ε)
// by the biased variance. w and b [size] may be nil: 1 and 0. mean and rstd [n] are results, too, unless nil.
func LayerNorm(p *Pool, y, mean, rstd, x, w, b []float32, n, size int, epsilon float64) {
	r := reducing{y: y, mean: mean, rstd: rstd, x: x, w: w, b: b, n: n, columns: size, epsilon: epsilon}
	if p.shares(n * size) {
		p.run(job{tile: func(j *job, tile int) { j.rows.layerNorm(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.layerNorm(group)
	}
}

func (r *reducing) layerNorm(group int) {
	g, size := r.group(group), r.columns
	y, x := r.y[g.first*size:], r.x[g.first*size:]
	var means, deviations [mostTogether]float32
	m, s := means[:g.rows], deviations[:g.rows]
	for from := 0; from < size; from += laneBlock {
		addSums(m, x[from:], g.rows, min(laneBlock, size-from))
	}
	for i := range m {
		m[i] /= float32(size)
	}
	for from := 0; from < size; from += laneBlock {
		addSquares(s, m, x[from:], g.rows, min(laneBlock, size-from))
	}
	for i, v := range s {
		s[i] = reciprocalDeviation(v/float32(size), r.epsilon)
	}
	for from := 0; from < size; from += laneBlock {
		normalise(y[from:], m, s, x[from:], behind(r.w, from), behind(r.b, from), g.rows, min(laneBlock, size-from))
	}
	if r.mean != nil {
		copy(r.mean[g.first:], m)
	}
	if r.rstd != nil {
		copy(r.rstd[g.first:], s)
	}
}

// behind returns the elements from one on, unless there are none at all.
func behind(x []float32, from int) []float32 {
	if x == nil {
		return nil
	}
	return x[from:]
}

// reciprocalDeviation returns 1/√(variance + ε), rounded once.
func reciprocalDeviation(variance float32, epsilon float64) float32 {
	return float32(1 / math.Sqrt(float64(variance)+epsilon))
}

// LayerNormGrad computes ∂x = rstd·(g − mean of g − x̂·mean of g·x̂) for each of n rows of size elements, where
// g = ∂y·w and x̂ = (x − mean)·rstd. w may be nil.
func LayerNormGrad(p *Pool, dx, x, w, mean, rstd, dy []float32, n, size int) {
	r := reducing{y: dx, x: x, w: w, mean: mean, rstd: rstd, dy: dy, n: n, columns: size}
	if p.shares(n * size) {
		p.run(job{tile: func(j *job, tile int) { j.rows.layerNormGrad(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.layerNormGrad(group)
	}
}

func (r *reducing) layerNormGrad(group int) {
	g, size := r.group(group), r.columns
	dx, x, dy := r.y[g.first*size:], r.x[g.first*size:], r.dy[g.first*size:]
	mean, rstd := r.mean[g.first:], r.rstd[g.first:]
	var sums, products [mostTogether]float32
	g0, g1 := sums[:g.rows], products[:g.rows]
	for from := 0; from < size; from += laneBlock {
		addNormGradSums(g0, g1, mean, rstd, dy[from:], x[from:], behind(r.w, from), g.rows, min(laneBlock, size-from))
	}
	for i := range g0 {
		g0[i] /= float32(size)
		g1[i] /= float32(size)
	}
	for from := 0; from < size; from += laneBlock {
		normGrad(dx[from:], g0, g1, mean, rstd, dy[from:], x[from:], behind(r.w, from), g.rows, min(laneBlock, size-from))
	}
}

// LayerNormGradAffine computes ∂w = Σ ∂y·x̂ and ∂b = Σ ∂y over n rows of that many positions: x and dy
// [n·positions, size], mean and rstd [n·positions], dw and db [size], each of which may be nil.
func LayerNormGradAffine(p *Pool, dw, db, x, mean, rstd, dy []float32, n, positions, size int) {
	c := columnwise{x: x, mean: mean, rstd: rstd, dy: dy, terms: n * positions, positions: positions, size: size}
	if dw != nil {
		c.products = dw[:size]
	}
	if db != nil {
		c.sums = db[:size]
	}
	c.run(p)
}
