package kernel

// Kernels that reduce rows take some at a time, so that they call assembly once for all of them: whole rows where those
// are short, else one row in blocks of terms. What they are made of stands here; each of these functions takes rows of
// columns that follow each other, one at least, and at most one block of terms of each.

const (
	// mostTogether is the largest number of rows that are taken at a time, and elementsTogether about that of elements.
	mostTogether, elementsTogether = 64, 8192

	// worthRows is the number of elements from which on it pays to call the workers.
	worthRows = 1 << 15
)

// reducing is what a kernel works on that reduces n rows of columns: y is its result.
type reducing struct {
	y, x, w, b, dy, mean, rstd []float32
	n, columns                 int
	epsilon                    float64
}

// groups returns the number of groups of rows.
func (r *reducing) groups() int { return groups(r.n, r.columns) }

// group returns one of them.
func (r *reducing) group(group int) together { return groupOf(group, r.n, r.columns) }

// together is rows that are taken at a time: which is the first, and how many.
type together struct{ first, rows int }

// end returns the row behind the last.
func (g together) end() int { return g.first + g.rows }

// groups returns the number of groups that n rows of columns make.
func groups(n, columns int) int {
	each := rowsTogether(columns)
	return (n + each - 1) / each
}

// groupOf returns a group.
func groupOf(group, n, columns int) together {
	each := rowsTogether(columns)
	return together{group * each, min(each, n-group*each)}
}

func rowsTogether(columns int) int {
	if columns > laneBlock {
		return 1
	}
	return min(mostTogether, elementsTogether/max(columns, 1))
}

// shares tells whether the pool's workers should share so many elements.
func (p *Pool) shares(elements int) bool { return p != nil && elements >= worthRows }

// addSums adds Σ x to total.
func addSums(total, x []float32, rows, columns int) {
	if rowSums(total, x, rows, columns) {
		return
	}
	for r := range rows {
		var lanes Lanes
		for i, v := range x[r*columns:][:columns] {
			lanes[i&15] += v
		}
		total[r] += lanes.Sum()
	}
}

// addDifferences adds Σ x − top to total.
func addDifferences(total, top, x []float32, rows, columns int) {
	if rowDifferences(total, top, x, rows, columns) {
		return
	}
	for r := range rows {
		var lanes Lanes
		for i, v := range x[r*columns:][:columns] {
			lanes[i&15] += v - top[r]
		}
		total[r] += lanes.Sum()
	}
}

// addSquares adds Σ (x − mean)² to total.
func addSquares(total, mean, x []float32, rows, columns int) {
	if rowSquares(total, mean, x, rows, columns) {
		return
	}
	for r := range rows {
		var lanes Lanes
		m := mean[r]
		for i, v := range x[r*columns:][:columns] {
			d := v - m
			lanes[i&15] += float32(d * d)
		}
		total[r] += lanes.Sum()
	}
}

// addDots adds Σ x·y to total.
func addDots(total, x, y []float32, rows, columns int) {
	if rowDots(total, x, y, rows, columns) {
		return
	}
	for r := range rows {
		var lanes Lanes
		y := y[r*columns:][:columns]
		for i, v := range x[r*columns:][:columns] {
			lanes[i&15] += float32(v * y[i])
		}
		total[r] += lanes.Sum()
	}
}

// maximise makes top the maximum of itself and x. NaNs do not count: what is made of it, softmax, is NaN by its sum.
func maximise(top, x []float32, rows, columns int) {
	if rowMaxima(top, x, rows, columns) {
		return
	}
	for r := range rows {
		t := top[r]
		for _, v := range x[r*columns:][:columns] {
			if v > t {
				t = v
			}
		}
		top[r] = t
	}
}

// addExponentials writes eˣ⁻ᵗᵒᵖ to y, unless that is nil, and adds Σ eˣ⁻ᵗᵒᵖ to total.
func addExponentials(total, y, x, top []float32, rows, columns int) {
	if rowExponentials(total, y, x, top, rows, columns) {
		return
	}
	for r := range rows {
		var lanes Lanes
		for i, v := range x[r*columns:][:columns] {
			e := Exp1(v - top[r])
			lanes[i&15] += e
			if y != nil {
				y[r*columns+i] = e
			}
		}
		total[r] += lanes.Sum()
	}
}

// logarithms computes x = ln x.
func logarithms(x []float32) {
	if avx2 && len(x) > 0 {
		rowsLogarithmWide(&x[0], &x[0], nil, nil, 0, 0, 0, 0, 1, len(x), 0)
		return
	}
	for i, v := range x {
		x[i] = Log1(v)
	}
}

// divide computes y /= total.
func divide(y, total []float32, rows, columns int) {
	if divideRows(y, total, rows, columns) {
		return
	}
	for r := range rows {
		y := y[r*columns:][:columns]
		for i := range y {
			y[i] /= total[r]
		}
	}
}

// normalise computes y = (x − mean)·rstd·w + b; w and b [columns] may be nil.
func normalise(y, mean, rstd, x, w, b []float32, rows, columns int) {
	if normaliseRows(y, mean, rstd, x, w, b, rows, columns) {
		return
	}
	for r := range rows {
		y, m, s := y[r*columns:][:columns], mean[r], rstd[r]
		for i, v := range x[r*columns:][:columns] {
			v = (v - m) * s
			if w != nil {
				v *= w[i]
			}
			if b != nil {
				v = float32(v) + b[i]
			}
			y[i] = v
		}
	}
}

// addNormGradSums adds Σ g to sum and Σ g·x̂ to product, where g = ∂y·w and x̂ = (x − mean)·rstd; w [columns] may be nil.
func addNormGradSums(sum, product, mean, rstd, dy, x, w []float32, rows, columns int) {
	if normGradSumRows(sum, product, mean, rstd, dy, x, w, rows, columns) {
		return
	}
	for r := range rows {
		var sums, products Lanes
		dy, m, s := dy[r*columns:][:columns], mean[r], rstd[r]
		for i, v := range x[r*columns:][:columns] {
			g := dy[i]
			if w != nil {
				g *= w[i]
			}
			sums[i&15] += float32(g)
			products[i&15] += float32(g * ((v - m) * s))
		}
		sum[r] += sums.Sum()
		product[r] += products.Sum()
	}
}

// normGrad computes ∂x = rstd·(g − sum − x̂·product), with g and x̂ as before.
func normGrad(dx, sum, product, mean, rstd, dy, x, w []float32, rows, columns int) {
	if normGradRows(dx, sum, product, mean, rstd, dy, x, w, rows, columns) {
		return
	}
	for r := range rows {
		dx, dy, m, s := dx[r*columns:][:columns], dy[r*columns:][:columns], mean[r], rstd[r]
		for i, v := range x[r*columns:][:columns] {
			g := dy[i]
			if w != nil {
				g *= w[i]
			}
			dx[i] = s * (float32(g) - sum[r] - float32(float32((v-m)*s)*product[r]))
		}
	}
}

// multiplyExcess computes ∂x = y·(∂y − total).
func multiplyExcess(dx, y, dy, total []float32, rows, columns int) {
	if softmaxGradRows(dx, y, dy, total, rows, columns) {
		return
	}
	for r := range rows {
		dx, dy := dx[r*columns:][:columns], dy[r*columns:][:columns]
		for i, v := range y[r*columns:][:columns] {
			dx[i] = v * (dy[i] - total[r])
		}
	}
}

// scaleExcess computes ∂x = (p − t)·scale.
func scaleExcess(dx, p, scale []float32, rows, columns int, t float32) {
	if crossEntropyGradRows(dx, p, scale, rows, columns, t) {
		return
	}
	for r := range rows {
		dx := dx[r*columns:][:columns]
		for i, v := range p[r*columns:][:columns] {
			dx[i] = (v - t) * scale[r]
		}
	}
}
