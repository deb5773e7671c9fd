package kernel

// Softmax computes y = eˣ / Σ eˣ for each of n rows of that many columns.
func Softmax(p *Pool, y, x []float32, n, columns int) {
	for r := range n {
		softmax(y[r*columns:][:columns], x[r*columns:][:columns])
	}
}

// SoftmaxGrad computes ∂x = y·(∂y − Σ y·∂y) for each of n rows of that many columns.
func SoftmaxGrad(p *Pool, dx, y, dy []float32, n, columns int) {
	for r := range n {
		dx, y, dy := dx[r*columns:][:columns], y[r*columns:][:columns], dy[r*columns:][:columns]
		var sum Sum
		for i, v := range y {
			sum.Add(float32(v * dy[i]))
		}
		total := sum.Total()
		for i, v := range y {
			dx[i] = v * (dy[i] - total)
		}
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
