package kernel

import "math"

// Softmax computes y = eˣ / Σ eˣ for each of n rows of that many columns.
func Softmax(p *Pool, y, x []float32, n, columns int) {
	r := reducing{y: y, x: x, n: n, columns: columns}
	if p.shares(n * columns) {
		p.run(job{tile: func(j *job, tile int) { j.rows.softmax(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.softmax(group)
	}
}

func (r *reducing) softmax(group int) {
	var s softmaxSums
	s.softmax(r.y, r.x, r.group(group), r.columns)
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
	r := reducing{y: dx, x: y, dy: dy, n: n, columns: columns}
	if p.shares(n * columns) {
		p.run(job{tile: func(j *job, tile int) { j.rows.softmaxGrad(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.softmaxGrad(group)
	}
}

func (r *reducing) softmaxGrad(group int) {
	g, columns := r.group(group), r.columns
	dx, y, dy := r.y[g.first*columns:], r.x[g.first*columns:], r.dy[g.first*columns:]
	var totals [mostTogether]float32
	total := totals[:g.rows]
	for from := 0; from < columns; from += laneBlock {
		addDots(total, y[from:], dy[from:], g.rows, min(laneBlock, columns-from))
	}
	for from := 0; from < columns; from += laneBlock {
		multiplyExcess(dx[from:], y[from:], dy[from:], total, g.rows, min(laneBlock, columns-from))
	}
}
