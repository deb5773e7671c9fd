package kernel

import "math"

// logNAdam is log 0.96: the momentum of NAdam rises by powers of 0.96.
const logNAdam = -0.040821994520255166

// NAdamRates returns what the steps of NAdam need of the number of steps done, t = step + 1: rate, which multiplies the
// gradient, is lr·(1 − μₜ)/(1 − M), next, which multiplies its mean, lr·μₜ₊₁/(1 − M·μₜ₊₁), and the root 1/√(1 − β₂ᵗ), where
// μᵢ = β₁·(1 − ½·0.96^(i·decay)) and M is the product of all up to μₜ. They are computed in float64 and rounded once.
func NAdamRates(lr float64, step uint64, beta1, beta2, decay float64) (rate, next, root float32) {
	t := step + 1
	momentum := func(t uint64) float64 {
		return float64(beta1 * (1 - float64(0.5*Exp(float64(float64(t)*float64(decay*logNAdam))))))
	}
	product := nadamProduct(t, beta1, decay, momentum)
	now, after := momentum(t), momentum(t+1)
	rate = float32(float64(lr*(1-now)) / (1 - product))
	next = float32(float64(lr*after) / (1 - float64(product*after)))
	return rate, next, float32(1 / math.Sqrt(1-power(beta2, t)))
}

// nadamProduct returns the product of the first t momenta. From where nothing is left of 0.96^(i·decay) on they are β₁,
// and where 1 less the product is 1 the rest does not matter: a few hundred factors at the usual decay, some thousands at any.
func nadamProduct(t uint64, beta1, decay float64, momentum func(t uint64) float64) float64 {
	const nothing = 1.0 / (1 << 60)
	product := 1.0
	for i := uint64(1); i <= t; i++ {
		if float64(float64(i)*float64(decay*-logNAdam)) > 42 { // e⁻⁴² < 2⁻⁶⁰
			return float64(product * power(beta1, t+1-i))
		}
		if product *= momentum(i); product < nothing {
			break
		}
	}
	return product
}

// NAdam does one step of NAdam on size elements: the gradient is scale·g + decay·w, m and v are its moments, and
// w −= (rate·gradient + next·m)/(√v·root + ε), where rate, next and root are of NAdamRates.
func NAdam(p *Pool, w, m, v, g []float32, scale, rate, next, root float32, size int, beta1, beta2, epsilon, decay float64) {
	d := descent{method: byNAdam, w: w[:size], slots: [3][]float32{m, v}, g: g, c: adamCoefficients(beta1, beta2, epsilon)}
	d.c.scale, d.c.rate, d.c.next, d.c.root, d.c.decay = scale, rate, next, root, float32(decay)
	p.descend(&d)
}

func nadam(w, m, v, g []float32, c *coefficients) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	if c.nadam(w, m, v, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		first := float32(c.beta1*m[i]) + float32(c.share1*gradient)
		second := float32(c.beta2*v[i]) + float32(float32(c.share2*gradient)*gradient)
		m[i], v[i] = first, second
		w[i] = u - (float32(c.rate*gradient)+float32(c.next*first))/(float32(Sqrt(second)*c.root)+c.epsilon)
	}
}
