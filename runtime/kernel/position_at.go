package kernel

// PositionAt computes y = x + w[at] for n rows, where w holds a row of size for each position.
func PositionAt(p *Pool, y, x, w []float32, at uint64, n, size int) {
	Position(p, y, x, w[int(at)*size:], n, size)
}

// SinusoidalAt computes y = x + P[at] for n rows [size], with P as Sinusoidal has it.
func SinusoidalAt(p *Pool, y, x []float32, at uint64, n int, g *Sinusoids) {
	g.made.Do(g.make)
	PositionAt(p, y, x, g.table, at, n, g.Size)
}
