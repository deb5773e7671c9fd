package kernel

import "math"

// AdamRates returns what the steps of Adam need of the number of steps done: the rate lr/(1 − β₁ᵗ) and the root
// 1/√(1 − β₂ᵗ), where t = step + 1. They are computed in float64 and rounded once.
func AdamRates(lr float64, step uint64, beta1, beta2 float64) (rate, root float32) {
	return float32(lr / (1 - power(beta1, step+1))), float32(1 / math.Sqrt(1-power(beta2, step+1)))
}

// AdamWRates returns what the steps of AdamW need: as AdamRates, and lr·decay.
func AdamWRates(lr float64, step uint64, beta1, beta2, decay float64) (rate, root, shrink float32) {
	rate, root = AdamRates(lr, step, beta1, beta2)
	return rate, root, float32(lr * decay)
}

// Adam does one step of Adam on size elements: the gradient is scale·g + decay·w, m and v are its moments, and
// w −= rate·m/(√v·root + ε), where rate and root are of AdamRates.
func Adam(p *Pool, w, m, v, g []float32, scale, rate, root float32, size int, beta1, beta2, epsilon, decay float64) {
	d := descent{method: byAdam, w: w[:size], slots: [3][]float32{m, v}, g: g, c: adamCoefficients(beta1, beta2, epsilon)}
	d.c.scale, d.c.rate, d.c.root, d.c.decay = scale, rate, root, float32(decay)
	p.descend(&d)
}

// AdamW does one step of Adam with decoupled decay on size elements: the gradient is scale·g, and shrink·w is taken
// from w first; rate, root and shrink are of AdamWRates.
func AdamW(p *Pool, w, m, v, g []float32, scale, rate, root, shrink float32, size int, beta1, beta2, epsilon float64) {
	d := descent{method: byAdam, w: w[:size], slots: [3][]float32{m, v}, g: g, c: adamCoefficients(beta1, beta2, epsilon)}
	d.c.scale, d.c.rate, d.c.root, d.c.shrink = scale, rate, root, shrink
	p.descend(&d)
}

// adamCoefficients are those that are the same in every step. The shares are computed in float64, as PyTorch does: in
// float32, 1 − β₂ alone would be off by 5e-5.
func adamCoefficients(beta1, beta2, epsilon float64) coefficients {
	return coefficients{beta1: float32(beta1), beta2: float32(beta2),
		share1: float32(1 - beta1), share2: float32(1 - beta2), epsilon: float32(epsilon)}
}

// adam takes shrink·w from w or adds decay·w to the gradient, unless these are 0, and moves w by the moments. A factor
// 1 − shrink would be rounded the same way in every step, and a thousand of them drift by 2e-5.
func adam(w, m, v, g []float32, c *coefficients) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	if c.adam(w, m, v, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale * g[i])
		if c.shrink != 0 {
			u -= float32(c.shrink * u)
		} else if c.decay != 0 {
			gradient += float32(c.decay * u)
		}
		first := float32(c.beta1*m[i]) + float32(c.share1*gradient)
		second := float32(c.beta2*v[i]) + float32(float32(c.share2*gradient)*gradient)
		m[i], v[i] = first, second
		w[i] = u - float32(c.rate*first)/(float32(Sqrt(second)*c.root)+c.epsilon)
	}
}

// AMSGrad does one step of Adam on size elements where the largest of all v so far stands in place of v, uncorrected.
func AMSGrad(p *Pool, w, m, v, most, g []float32, scale, rate, root float32, size int, beta1, beta2, epsilon, decay float64) {
	d := descent{method: byAMSGrad, w: w[:size], slots: [3][]float32{m, v, most}, g: g, c: adamCoefficients(beta1, beta2, epsilon)}
	d.c.scale, d.c.rate, d.c.root, d.c.decay = scale, rate, root, float32(decay)
	p.descend(&d)
}

// AMSGradW is AMSGrad with decoupled decay, as AdamW is Adam.
func AMSGradW(p *Pool, w, m, v, most, g []float32, scale, rate, root, shrink float32, size int, beta1, beta2, epsilon float64) {
	d := descent{method: byAMSGrad, w: w[:size], slots: [3][]float32{m, v, most}, g: g, c: adamCoefficients(beta1, beta2, epsilon)}
	d.c.scale, d.c.rate, d.c.root, d.c.shrink = scale, rate, root, shrink
	p.descend(&d)
}

// amsgrad adds decay·w to the gradient and takes shrink·w from w, of which one is 0.
func amsgrad(w, m, v, most, g []float32, c *coefficients) {
	m, v, most, g = m[:len(w)], v[:len(w)], most[:len(w)], g[:len(w)]
	if c.amsgrad(w, m, v, most, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		u -= float32(c.shrink * u)
		first := float32(c.beta1*m[i]) + float32(c.share1*gradient)
		second := float32(c.beta2*v[i]) + float32(float32(c.share2*gradient)*gradient)
		largest := larger(most[i], second)
		m[i], v[i], most[i] = first, second, largest
		w[i] = u - float32(c.rate*first)/(float32(Sqrt(largest)*c.root)+c.epsilon)
	}
}

// larger returns x where x > y, else y. A NaN is larger than every number.
func larger(x, y float32) float32 {
	if x > y || x != x {
		return x
	}
	return y
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
