package kernel

// MAE returns the mean of |x − t| over n·size elements.
func MAE(p *Pool, x, t []float32, n, size int) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	var sum Sum
	for i, v := range x {
		sum.Add(Abs1(v - t[i]))
	}
	return sum.Total() / float32(n*size)
}

// MAEGrad computes ∂x = sign(x − t)·(∂loss/(n·size)) for n·size elements, where sign(0) is 0.
func MAEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = Sign1(v-t[i]) * scale
	}
}

// Abs1 returns |x|.
func Abs1(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}

// Sign1 returns −1, 0 or 1 as x is negative, zero or positive; a NaN stays one.
func Sign1(x float32) float32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}
