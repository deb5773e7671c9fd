package kernel

// Tanh computes y = tanh(x) for n·size elements.
func Tanh(p *Pool, y, x []float32, n, size int) {
	x = x[:n*size]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = Tanh1(v)
	}
}

// Tanh1 returns tanh(x) = (1 − e⁻²ˣ)/(1 + e⁻²ˣ); near 0, where that cancels, x·(1 − x²/3).
func Tanh1(x float32) float32 {
	v := float64(x)
	if v > -1e-3 && v < 1e-3 {
		return float32(v * (1 - float64(float64(v*v)*(1.0/3))))
	}
	if v < 0 {
		e := Exp(2 * v)
		return float32((e - 1) / (e + 1))
	}
	e := Exp(-2 * v)
	return float32((1 - e) / (1 + e))
}

// TanhGrad computes ∂x = ∂y·(1 − y²) for n·size elements.
func TanhGrad(p *Pool, dx, y, dy []float32, n, size int) {
	y = y[:n*size]
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = dy[i] * (1 - float32(v*v))
	}
}
