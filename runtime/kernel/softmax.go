package kernel

import "math"

// Softmax computes y = eˣ / Σ eˣ for each of n rows of that many columns.
func Softmax(p *Pool, y, x []float32, n, columns int) {
	if p.sharesRows(n, columns) {
		p.run(job{tile: softmaxTile, n: n, rows: reducing{y: y, x: x, columns: columns}}, groups(n, columns))
		return
	}
	for group := range groups(n, columns) {
		var s softmaxSums
		s.softmax(y, x, groupOf(group, n, columns), columns)
	}
}

func softmaxTile(j *job, tile int) {
	r := &j.rows
	var s softmaxSums
	s.softmax(r.y, r.x, groupOf(tile, j.n, r.columns), r.columns)
}

// softmaxSums are max x and Σ eˣ⁻ᵐᵃˣ of each row of a group. Where an element is NaN the sum is, and the maximum is any
// number.
type softmaxSums struct{ top, total [mostTogether]float32 }

// softmax computes them, and y = eˣ⁻ᵐᵃˣ / Σ eˣ⁻ᵐᵃˣ unless y is nil.
func (s *softmaxSums) softmax(y, x []float32, g together, columns int) {
	y, x = behind(y, g.first*columns), x[g.first*columns:]
	top, total := s.top[:g.rows], s.total[:g.rows]
	for r := range top {
		top[r], total[r] = float32(math.Inf(-1)), 0
	}
	for from := 0; from < columns; from += laneBlock {
		maximise(top, x[from:], g.rows, min(laneBlock, columns-from))
	}
	for from := 0; from < columns; from += laneBlock {
		addExponentials(total, behind(y, from), x[from:], top, g.rows, min(laneBlock, columns-from))
	}
	for from := 0; from < columns && y != nil; from += laneBlock {
		divide(y[from:], total, g.rows, min(laneBlock, columns-from))
	}
}

// SoftmaxGrad computes ∂x = y·(∂y − Σ y·∂y) for each of n rows of that many columns.
func SoftmaxGrad(p *Pool, dx, y, dy []float32, n, columns int) {
	if p.sharesRows(n, columns) {
		p.run(job{tile: softmaxGradTile, n: n, rows: reducing{y: dx, x: y, dy: dy, columns: columns}}, groups(n, columns))
		return
	}
	for group := range groups(n, columns) {
		softmaxGrad(dx, y, dy, groupOf(group, n, columns), columns)
	}
}

func softmaxGradTile(j *job, tile int) {
	r := &j.rows
	softmaxGrad(r.y, r.x, r.dy, groupOf(tile, j.n, r.columns), r.columns)
}

func softmaxGrad(dx, y, dy []float32, g together, columns int) {
	dx, y, dy = dx[g.first*columns:], y[g.first*columns:], dy[g.first*columns:]
	var totals [mostTogether]float32
	total := totals[:g.rows]
	for from := 0; from < columns; from += laneBlock {
		addDots(total, y[from:], dy[from:], g.rows, min(laneBlock, columns-from))
	}
	for from := 0; from < columns; from += laneBlock {
		multiplyExcess(dx[from:], y[from:], dy[from:], total, g.rows, min(laneBlock, columns-from))
	}
}
