package kernel

// Add computes z = x + y for n·size elements.
func Add(p *Pool, z, x, y []float32, n, size int) {
	x = x[:n*size]
	z, y = z[:len(x)], y[:len(x)]
	for i, v := range x {
		z[i] = v + y[i]
	}
}

// Mul computes z = x·y for n·size elements.
func Mul(p *Pool, z, x, y []float32, n, size int) {
	x = x[:n*size]
	z, y = z[:len(x)], y[:len(x)]
	for i, v := range x {
		z[i] = v * y[i]
	}
}
