package kernel

import "math"

// Adam does one step of Adam on size elements: the gradient is g + decay·w, m and v are its moments, step
// counts from 0.
func Adam(p *Pool, w, m, v, g []float32, step uint64, size int, lr, beta1, beta2, epsilon, decay float64) {
	adam(w[:size], m, v, g, step, 0, float32(decay), lr, beta1, beta2, epsilon)
}

// AdamW does one step of Adam with decoupled decay on size elements: lr·decay·w is taken from w first.
func AdamW(p *Pool, w, m, v, g []float32, step uint64, size int, lr, beta1, beta2, epsilon, decay float64) {
	adam(w[:size], m, v, g, step, float32(lr*decay), 0, lr, beta1, beta2, epsilon)
}

// adam takes shrink·w from w, adds decay·w to the gradient and moves w by the moments. What is the same for
// all elements is computed in float64, as PyTorch does: in float32, 1 − β₂ alone would be off by 5e-5. A factor
// 1 − shrink would be rounded the same way in every step, and a thousand of them drift by 2e-5.
func adam(w, m, v, g []float32, step uint64, shrink, decay float32, lr, beta1, beta2, epsilon float64) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	rate := float32(lr / (1 - power(beta1, step+1)))
	root := float32(math.Sqrt(1 - power(beta2, step+1)))
	b1, b2, share1, share2, eps := float32(beta1), float32(beta2), float32(1-beta1), float32(1-beta2), float32(epsilon)
	for i, u := range w {
		u -= float32(shrink * u)
		gradient := g[i] + float32(decay*u)
		m[i] = float32(b1*m[i]) + float32(share1*gradient)
		v[i] = float32(b2*v[i]) + float32(float32(share2*gradient)*gradient)
		w[i] = u - float32(rate*m[i])/(float32(math.Sqrt(float64(v[i])))/root+eps)
	}
}

// power returns xⁿ by repeated squaring: the same bits for the same n, wherever a run was resumed.
func power(x float64, n uint64) float64 {
	y := 1.0
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			y *= x
		}
		x *= x
	}
	return y
}
