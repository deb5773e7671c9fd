package kernel

import "math"

// LayerNorm normalises each of n rows of size elements: y = (x − mean)·rstd·w + b, where rstd is 1/√(variance + ε)
// by the biased variance. w and b [size] may be nil: 1 and 0. mean and rstd [n] are results, too, unless nil.
func LayerNorm(p *Pool, y, mean, rstd, x, w, b []float32, n, size int, epsilon float64) {
	for r := range n {
		x := x[r*size:][:size]
		y := y[r*size:][:size]
		m, s := moments(x, epsilon)
		for i, v := range x {
			v = (v - m) * s
			if w != nil {
				v *= w[i]
			}
			if b != nil {
				v = float32(v) + b[i]
			}
			y[i] = v
		}
		if mean != nil {
			mean[r] = m
		}
		if rstd != nil {
			rstd[r] = s
		}
	}
}

// moments returns the mean of x and the reciprocal of its deviation.
func moments(x []float32, epsilon float64) (mean, rstd float32) {
	var sum, squares Sum
	for _, v := range x {
		sum.Add(v)
	}
	mean = sum.Total() / float32(len(x))
	for _, v := range x {
		e := v - mean
		squares.Add(float32(e * e))
	}
	return mean, reciprocalDeviation(squares.Total()/float32(len(x)), epsilon)
}

// reciprocalDeviation returns 1/√(variance + ε), rounded once.
func reciprocalDeviation(variance float32, epsilon float64) float32 {
	return float32(1 / math.Sqrt(float64(variance)+epsilon))
}

// LayerNormGrad computes ∂x = rstd·(g − mean of g − x̂·mean of g·x̂) for each of n rows of size elements, where
// g = ∂y·w and x̂ = (x − mean)·rstd. w may be nil.
func LayerNormGrad(p *Pool, dx, x, w, mean, rstd, dy []float32, n, size int) {
	for r := range n {
		x, dy := x[r*size:][:size], dy[r*size:][:size]
		dx := dx[r*size:][:size]
		m, s := mean[r], rstd[r]
		var sum, product Sum
		for i, v := range x {
			g := dy[i]
			if w != nil {
				g *= w[i]
			}
			sum.Add(g)
			product.Add(float32(g * ((v - m) * s)))
		}
		g0, g1 := sum.Total()/float32(size), product.Total()/float32(size)
		for i, v := range x {
			g := dy[i]
			if w != nil {
				g *= w[i]
			}
			dx[i] = s * (float32(g) - g0 - float32(float32((v-m)*s)*g1))
		}
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
		for j := 0; j < size; j += panel {
			width := min(panel, size-j)
			var sums [panel]float32
			for r := from; r < to; r++ {
				x, m, s := x[r*size+j:][:width], mean[r], rstd[r]
				for k, d := range dy[r*size+j:][:width] {
					sums[k] += float32(d * float32((x[k]-m)*s))
				}
			}
			joinColumns(dw[j:][:width], &sums, from == 0)
		}
	}
}
