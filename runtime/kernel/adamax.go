package kernel

// AdamaxRate returns the rate of a step of Adamax: lr/(1 − β₁ᵗ), where t = step + 1. It is computed in float64 and rounded
// once.
func AdamaxRate(lr float64, step uint64, beta1 float64) float32 {
	return float32(lr / (1 - power(beta1, step+1)))
}

// Adamax does one step of Adamax on size elements: the gradient is scale·g + decay·w, m its mean, u the largest of
// |gradient| + ε, of which β₂ is left after each step, and w −= rate·m/u, where rate is of AdamaxRate.
func Adamax(p *Pool, w, m, u, g []float32, scale, rate float32, size int, beta1, beta2, epsilon, decay float64) {
	d := descent{method: byAdamax, w: w[:size], slots: [3][]float32{m, u}, g: g, c: adamCoefficients(beta1, beta2, epsilon)}
	d.c.scale, d.c.rate, d.c.decay = scale, rate, float32(decay)
	p.descend(&d)
}

func adamax(w, m, u, g []float32, c *coefficients) {
	m, u, g = m[:len(w)], u[:len(w)], g[:len(w)]
	if c.adamax(w, m, u, g) {
		return
	}
	for i, x := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*x)
		first := float32(c.beta1*m[i]) + float32(c.share1*gradient)
		most := larger(float32(c.beta2*u[i]), Abs(gradient)+c.epsilon)
		m[i], u[i] = first, most
		w[i] = x - float32(c.rate*first)/most
	}
}
