package kernel

// Embedding copies the row ids[i] of w [v, dim] to row i of y [n, dim].
func Embedding(p *Pool, y, w []float32, ids []int32, n, dim int) {
	for i, id := range ids[:n] {
		copy(y[i*dim:][:dim], w[int(id)*dim:])
	}
}

// EmbeddingGrad computes ∂W: row id of dw [v, dim] is the sum, upwards, of those rows i of dy [n, dim] whose ids[i]
// is id.
func EmbeddingGrad(p *Pool, dw, dy []float32, ids []int32, n, v, dim int) {
	clear(dw[:v*dim])
	for i, id := range ids[:n] {
		from := dy[i*dim:][:dim]
		to := dw[int(id)*dim:][:len(from)]
		for k, d := range from {
			to[k] += d
		}
	}
}
