package kernel

// Softmax computes y = eˣ / Σ eˣ for each of n rows of that many columns.
func Softmax(p *Pool, y, x []float32, n, columns int) {
	for r := range n {
		softmax(y[r*columns:][:columns], x[r*columns:][:columns])
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

// softmax writes eˣ⁻ᵐᵃˣ / Σ eˣ⁻ᵐᵃˣ to y, unless y is nil, and returns max x and the sum.
func softmax(y, x []float32) (top, total float32) {
	top = x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum Sum
	for i, v := range x {
		e := float32(Exp(float64(v - top)))
		sum.Add(e)
		if y != nil {
			y[i] = e
		}
	}
	total = sum.Total()
	for i := range y {
		y[i] /= total
	}
	return top, total
}
