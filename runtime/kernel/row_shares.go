package kernel

// RowShares writes u = n·w / Σw to each of the size elements of every one of n rows, and returns Σw. Where that is 0,
// so is u. Weights of 1 make a u of exactly 1.
func RowShares(p *Pool, u, w []float32, n, size int) (total float32) {
	sum := 0.0
	for _, v := range w[:n] {
		sum += float64(v)
	}
	for r, v := range w[:n] {
		share := float32(0)
		if sum > 0 {
			share = float32(float64(v) * float64(n) / sum)
		}
		row := u[r*size:][:size]
		for i := range row {
			row[i] = share
		}
	}
	return float32(sum)
}
