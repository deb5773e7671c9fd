package kernel

import "math"

// ClipScale returns the factor that cuts the L2 norm of all gradients together to most, and 1 where it is smaller:
// min(1, most/(norm + 1e-6)). It is NaN if an element is.
func ClipScale(p *Pool, grads [][]float32, most float64) float32 {
	total := 0.0
	for _, g := range grads {
		b := blocks{x: g}
		total += float64(b.total(p))
	}
	return float32(min(1, most/(math.Sqrt(total)+1e-6)))
}
