package kernel

// Sigmoid computes y = 1 / (1 + e⁻ˣ) for n·size elements.
func Sigmoid(p *Pool, y, x []float32, n, size int) {
	x = x[:n*size]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = Sigmoid1(v)
	}
}

// Sigmoid1 returns 1 / (1 + e⁻ˣ).
func Sigmoid1(x float32) float32 { return float32(1 / (1 + Exp(-float64(x)))) }

// SigmoidGrad computes ∂x = ∂y·y·(1 − y) for n·size elements.
func SigmoidGrad(p *Pool, dx, y, dy []float32, n, size int) {
	y = y[:n*size]
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = float32(dy[i]*v) * (1 - v)
	}
}
