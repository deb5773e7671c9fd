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
		var lanes Lanes
		for i, v := range y {
			lanes[i&15] += float32(v * dy[i])
		}
		sum := lanes.Sum()
		for i, v := range y {
			dx[i] = v * (dy[i] - sum)
		}
	}
}

// softmax writes eˣ⁻ᵐᵃˣ / Σ eˣ⁻ᵐᵃˣ to y and returns max x and the sum.
func softmax(y, x []float32) (top, sum float32) {
	top = x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var lanes Lanes
	for i, v := range x {
		y[i] = float32(Exp(float64(v - top)))
		lanes[i&15] += y[i]
	}
	sum = lanes.Sum()
	for i := range y {
		y[i] /= sum
	}
	return top, sum
}
