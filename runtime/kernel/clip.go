package kernel

import "math"

// ClipScale returns the factor that cuts the L2 norm of all gradients together to most, and 1 where it is smaller:
// min(1, most/(norm + 1e-6)). It is NaN if an element is.
func ClipScale(p *Pool, grads [][]float32, most float64) float32 {
	total := 0.0
	for _, g := range grads {
		total += float64(squares(g))
	}
	return float32(min(1, most/(math.Sqrt(total)+1e-6)))
}

// squares returns Σ x², some blocks of terms at a time.
func squares(x []float32) (total float32) {
	for len(x) > 0 {
		rows, columns := min(len(x)/laneBlock, mostTogether), laneBlock
		if rows == 0 {
			rows, columns = 1, len(x)
		}
		var sums [mostTogether]float32
		addDots(sums[:rows], x, x, rows, columns)
		for _, v := range sums[:rows] {
			total += v
		}
		x = x[rows*columns:]
	}
	return total
}
