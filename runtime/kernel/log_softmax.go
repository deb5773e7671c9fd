package kernel

// LogSoftmax computes y = x − ln Σ eˣ for each of n rows of that many columns, as (x − max x) − ln Σ eˣ⁻ᵐᵃˣ.
func LogSoftmax(p *Pool, y, x []float32, n, columns int) {
	r := reducing{y: y, x: x, n: n, columns: columns}
	if p.shares(n * columns) {
		p.run(job{tile: func(j *job, tile int) { j.rows.logSoftmax(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.logSoftmax(group)
	}
}

// unscaled is a factor of 1 for each row of a group.
var unscaled = func() (ones [mostTogether]float32) {
	for i := range ones {
		ones[i] = 1
	}
	return ones
}()

func (r *reducing) logSoftmax(group int) {
	var s softmaxSums
	g, columns := r.group(group), r.columns
	s.softmax(nil, r.x, g, columns)
	logarithms(s.total[:g.rows])
	y, x := r.y[g.first*columns:], r.x[g.first*columns:]
	for from := 0; from < columns; from += laneBlock {
		width := min(laneBlock, columns-from)
		normalise(y[from:], s.top[:g.rows], unscaled[:g.rows], x[from:], nil, nil, g.rows, width)
		normalise(y[from:], s.total[:g.rows], unscaled[:g.rows], y[from:], nil, nil, g.rows, width)
	}
}

// LogSoftmaxGrad computes ∂x = ∂y − eʸ·Σ ∂y for each of n rows of that many columns. ∂x may be y, but not ∂y.
func LogSoftmaxGrad(p *Pool, dx, y, dy []float32, n, columns int) {
	r := reducing{y: dx, x: y, dy: dy, n: n, columns: columns}
	if p.shares(n * columns) {
		p.run(job{tile: func(j *job, tile int) { j.rows.logSoftmaxGrad(tile) }, rows: r}, r.groups())
		return
	}
	for group := range r.groups() {
		r.logSoftmaxGrad(group)
	}
}

func (r *reducing) logSoftmaxGrad(group int) {
	g, columns := r.group(group), r.columns
	dx, y, dy := r.y[g.first*columns:], r.x[g.first*columns:], r.dy[g.first*columns:]
	var totals, zeros, ignored [mostTogether]float32
	total := totals[:g.rows]
	for from := 0; from < columns; from += laneBlock {
		addSums(total, dy[from:], g.rows, min(laneBlock, columns-from))
	}
	for from := 0; from < columns; from += laneBlock {
		addExponentials(ignored[:g.rows], dx[from:], y[from:], zeros[:g.rows], g.rows, min(laneBlock, columns-from))
	}
	for row := range g.rows {
		dx, dy, t := dx[row*columns:][:columns], dy[row*columns:][:columns], total[row]
		for i, v := range dy {
			dx[i] = v - float32(dx[i]*t)
		}
	}
}
