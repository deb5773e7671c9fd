package kernel

// ReLU computes y = max(x, 0) for n·size elements.
func ReLU(p *Pool, y, x []float32, n, size int) {
	x = x[:n*size]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = ReLU1(v)
	}
}

// ReLU1 returns max(x, 0); a NaN stays one.
func ReLU1(x float32) float32 {
	if x <= 0 {
		return 0
	}
	return x
}

// ReLUGrad computes ∂x = ∂y where y > 0, else 0, for n·size elements.
func ReLUGrad(p *Pool, dx, y, dy []float32, n, size int) {
	y = y[:n*size]
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = ReLUGrad1(v, dy[i])
	}
}

// ReLUGrad1 returns dy where y > 0, else 0; where y is NaN, NaN.
func ReLUGrad1(y, dy float32) float32 {
	switch {
	case y > 0:
		return dy
	case y != y:
		return y
	}
	return 0
}
