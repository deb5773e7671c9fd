package kernel

// Adadelta does one step of Adadelta on size elements: the gradient is scale·g + decay·w, v the mean of its squares, of which
// ρ is left after each step, delta that of the squares of the moves √(delta + ε)/√(v + ε)·gradient, and w −= rate·move. One
// root of a quotient would be faster, but the quotient of a delta and a large v may be too small a number.
func Adadelta(p *Pool, w, v, delta, g []float32, scale, rate float32, size int, rho, epsilon, decay float64) {
	d := descent{method: byAdadelta, w: w[:size], slots: [3][]float32{v, delta}, g: g, c: adamCoefficients(0, rho, epsilon)}
	d.c.scale, d.c.rate, d.c.decay = scale, rate, float32(decay)
	p.descend(&d)
}

func adadelta(w, v, delta, g []float32, c *coefficients) {
	v, delta, g = v[:len(w)], delta[:len(w)], g[:len(w)]
	if c.adadelta(w, v, delta, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		second := float32(c.beta2*v[i]) + float32(float32(c.share2*gradient)*gradient)
		move := float32(Sqrt(delta[i]+c.epsilon) / Sqrt(second+c.epsilon) * gradient)
		v[i], delta[i] = second, float32(c.beta2*delta[i])+float32(float32(c.share2*move)*move)
		w[i] = u - float32(c.rate*move)
	}
}
