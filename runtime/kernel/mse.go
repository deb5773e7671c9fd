package kernel

// MSE returns the mean of (x − t)² over n·size elements.
func MSE(p *Pool, x, t []float32, n, size int) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	var sum Sum
	for i, v := range x {
		e := v - t[i]
		sum.Add(float32(e * e))
	}
	return sum.Total() / float32(n*size)
}

// MSEGrad computes ∂x = (x − t)·(2·∂loss/(n·size)) for n·size elements.
func MSEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	scale := float32(2*dloss) / float32(n*size)
	for i, v := range x {
		dx[i] = (v - t[i]) * scale
	}
}
