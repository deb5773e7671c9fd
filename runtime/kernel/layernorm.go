package kernel

import "math"

// LayerNorm normalises each of n rows of size elements: y = (x − mean)·rstd·w + b, where rstd is 1/√(variance + ε)
// by the biased variance. w and b [size] may be nil: 1 and 0. mean and rstd [n] are results, too, unless nil.
func LayerNorm(p *Pool, y, mean, rstd, x, w, b []float32, n, size int, epsilon float64) {
	if p.sharesRows(n, size) {
		p.run(job{tile: layerNormTile, n: n, rows: reducing{y: y, mean: mean, rstd: rstd, x: x, w: w, b: b, columns: size, epsilon: epsilon}}, groups(n, size))
		return
	}
	for group := range groups(n, size) {
		layerNorm(y, mean, rstd, x, w, b, groupOf(group, n, size), size, epsilon)
	}
}

func layerNormTile(j *job, tile int) {
	r := &j.rows
	layerNorm(r.y, r.mean, r.rstd, r.x, r.w, r.b, groupOf(tile, j.n, r.columns), r.columns, r.epsilon)
}

func layerNorm(y, mean, rstd, x, w, b []float32, g together, size int, epsilon float64) {
	y, x = y[g.first*size:], x[g.first*size:]
	var means, deviations [mostTogether]float32
	m, s := means[:g.rows], deviations[:g.rows]
	for from := 0; from < size; from += laneBlock {
		addSums(m, x[from:], g.rows, min(laneBlock, size-from))
	}
	for r := range m {
		m[r] /= float32(size)
	}
	for from := 0; from < size; from += laneBlock {
		addSquares(s, m, x[from:], g.rows, min(laneBlock, size-from))
	}
	for r, v := range s {
		s[r] = reciprocalDeviation(v/float32(size), epsilon)
	}
	for from := 0; from < size; from += laneBlock {
		normalise(y[from:], m, s, x[from:], behind(w, from), behind(b, from), g.rows, min(laneBlock, size-from))
	}
	if mean != nil {
		copy(mean[g.first:], m)
	}
	if rstd != nil {
		copy(rstd[g.first:], s)
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
	if p.sharesRows(n, size) {
		p.run(job{tile: layerNormGradTile, n: n, rows: reducing{y: dx, x: x, w: w, mean: mean, rstd: rstd, dy: dy, columns: size}}, groups(n, size))
		return
	}
	for group := range groups(n, size) {
		layerNormGrad(dx, x, w, mean, rstd, dy, groupOf(group, n, size), size)
	}
}

func layerNormGradTile(j *job, tile int) {
	r := &j.rows
	layerNormGrad(r.y, r.x, r.w, r.mean, r.rstd, r.dy, groupOf(tile, j.n, r.columns), r.columns)
}

func layerNormGrad(dx, x, w, mean, rstd, dy []float32, g together, size int) {
	dx, x, dy = dx[g.first*size:], x[g.first*size:], dy[g.first*size:]
	mean, rstd = mean[g.first:], rstd[g.first:]
	var sums, products [mostTogether]float32
	g0, g1 := sums[:g.rows], products[:g.rows]
	for from := 0; from < size; from += laneBlock {
		addNormGradSums(g0, g1, mean, rstd, dy[from:], x[from:], behind(w, from), g.rows, min(laneBlock, size-from))
	}
	for r := range g0 {
		g0[r] /= float32(size)
		g1[r] /= float32(size)
	}
	for from := 0; from < size; from += laneBlock {
		normGrad(dx[from:], g0, g1, mean, rstd, dy[from:], x[from:], behind(w, from), g.rows, min(laneBlock, size-from))
	}
}

// LayerNormGradAffine computes ∂w = Σ ∂y·x̂ and ∂b = Σ ∂y over n rows of that many positions: x and dy
// [n·positions, size], mean and rstd [n·positions], dw and db [size], each of which may be nil.
func LayerNormGradAffine(p *Pool, dw, db, x, mean, rstd, dy []float32, n, positions, size int) {
	if db != nil {
		columnSums(db, dy, n*positions, positions, size, size)
	}
	if dw == nil {
		return
	}
	terms := n * positions
	for from, to := 0, 0; from < terms; from = to {
		to = blockEnd(from, terms, positions)
		if columnProductsOfRows(dw[:size], mean[from:], rstd[from:], dy[from*size:], x[from*size:], to-from, size, from == 0) {
			continue
		}
		for j := 0; j < size; j += panel {
			width := min(panel, size-j)
			var sums [panel]float32
			for r := from; r < to; r++ {
				x, m, s := x[r*size+j:][:width], mean[r], rstd[r]
				for k, d := range dy[r*size+j:][:width] {
					sums[k] += float32(d * float32((x[k]-m)*s))
				}
			}
			joinColumns(dw[j:][:width], sums[:], from == 0)
		}
	}
}
