package kernel

// AdagradRate returns the rate of a step of Adagrad, counted from 0: lr/(1 + step·decay). It is computed in float64 and
// rounded once.
func AdagradRate(lr float64, step uint64, decay float64) float32 {
	return float32(lr / (1 + float64(float64(step)*decay)))
}

// Adagrad does one step of Adagrad on size elements: the gradient is scale·g + decay·w, its square is added to sum, which in
// step 0 is initial before, and w −= rate·gradient/(√sum + ε).
func Adagrad(p *Pool, w, sum, g []float32, scale, rate float32, step uint64, size int, initial, epsilon, decay float32) {
	if step == 0 {
		for i := range sum[:size] {
			sum[i] = initial
		}
	}
	p.descend(&descent{method: byAdagrad, w: w[:size], slots: [3][]float32{sum}, g: g,
		c: coefficients{scale: scale, rate: rate, epsilon: epsilon, decay: decay}})
}

func adagrad(w, sum, g []float32, c *coefficients) {
	sum, g = sum[:len(w)], g[:len(w)]
	if c.adagrad(w, sum, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		total := sum[i] + float32(gradient*gradient)
		sum[i] = total
		w[i] = u - float32(c.rate*(gradient/(Sqrt(total)+c.epsilon)))
	}
}
