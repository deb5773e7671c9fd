package kernel

// LionRates returns what the steps of Lion with decay need: the rate, and lr·decay.
func LionRates(lr, decay float64) (rate, shrink float32) { return float32(lr), float32(lr * decay) }

// Lion does one step of Lion on size elements: the gradient is scale·g, w moves by rate against the sign of
// β₁·m + (1 − β₁)·gradient, not at all where that is 0, and m = β₂·m + (1 − β₂)·gradient.
func Lion(p *Pool, w, m, g []float32, scale, rate float32, size int, beta1, beta2 float64) {
	LionDecay(p, w, m, g, scale, rate, 0, size, beta1, beta2)
}

// LionDecay is Lion with decoupled decay: shrink·w is taken from w first. Rate and shrink are of LionRates.
func LionDecay(p *Pool, w, m, g []float32, scale, rate, shrink float32, size int, beta1, beta2 float64) {
	d := descent{method: byLion, w: w[:size], slots: [3][]float32{m}, g: g, c: adamCoefficients(beta1, beta2, 0)}
	d.c.scale, d.c.rate, d.c.shrink = scale, rate, shrink
	p.descend(&d)
}

func lion(w, m, g []float32, c *coefficients) {
	m, g = m[:len(w)], g[:len(w)]
	if c.lion(w, m, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale * g[i])
		direction := float32(c.beta1*m[i]) + float32(c.share1*gradient)
		m[i] = float32(c.beta2*m[i]) + float32(c.share2*gradient)
		w[i] = u - float32(c.shrink*u) - float32(c.rate*Sign(direction))
	}
}
