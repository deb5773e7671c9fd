package kernel

import "math"

// RAdamRates returns what the steps of RAdam need of the number of steps done, t = step + 1. Once there have been enough
// steps, ρ > 5, the rate is lr/(1 − β₁ᵗ)·√(1 − β₂ᵗ)·√((ρ−4)(ρ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ)), the root 1 and the least ε, where
// ρ∞ = 2/(1 − β₂) − 1 and ρ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ). Before, the rate is lr/(1 − β₁ᵗ), the root 0 and the least 1, so that
// nothing is divided by. They are computed in float64 and rounded once.
func RAdamRates(lr float64, step uint64, beta1, beta2, epsilon float64) (rate, root, least float32) {
	t := step + 1
	plain, left := lr/(1-power(beta1, t)), power(beta2, t)
	limit := 2/(1-beta2) - 1
	length := limit - float64(2*float64(t)*left)/(1-left)
	if length <= 5 {
		return float32(plain), 0, 1
	}
	rectified := math.Sqrt(float64((length-4)*(length-2)*limit) / float64((limit-4)*(limit-2)*length))
	return float32(plain * math.Sqrt(1-left) * rectified), 1, float32(epsilon)
}

// RAdam does one step of RAdam on size elements: the gradient is scale·g + decay·w, m and v are its moments, and
// w −= rate·m/(√v·root + least), where rate, root and least are of RAdamRates.
func RAdam(p *Pool, w, m, v, g []float32, scale, rate, root, least float32, size int, beta1, beta2, decay float64) {
	d := descent{method: byAdam, w: w[:size], slots: [3][]float32{m, v}, g: g, c: adamCoefficients(beta1, beta2, 0)}
	d.c.scale, d.c.rate, d.c.root, d.c.epsilon, d.c.decay = scale, rate, root, least, float32(decay)
	p.descend(&d)
}
