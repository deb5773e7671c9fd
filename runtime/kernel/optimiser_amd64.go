//go:build !purego

package kernel

//go:generate go run -C _asm . -file optimiser -out ../optimiser_amd64.s -stubs ../optimiser_stubs_amd64.go -pkg kernel

// Each of these does the step that stands in sgd.go or adam.go if there is assembly for it. The arrays have the same
// length, at least 1.

func (c *coefficients) sgd(w, g []float32) bool {
	switch {
	case !avx2:
		return false
	case c.decay == 0:
		sgdWide(&w[0], &g[0], len(w), c.scale, c.rate)
	default:
		sgdDecayWide(&w[0], &g[0], len(w), c.scale, c.rate, c.decay)
	}
	return true
}

func (c *coefficients) withMomentum(w, v, g []float32, nesterov bool) bool {
	switch {
	case !avx2:
		return false
	case nesterov:
		nesterovWide(&w[0], &v[0], &g[0], len(w), c.scale, c.rate, c.decay, c.momentum, c.share)
	default:
		momentumWide(&w[0], &v[0], &g[0], len(w), c.scale, c.rate, c.decay, c.momentum, c.share)
	}
	return true
}

func (c *coefficients) adam(w, m, v, g []float32) bool {
	switch {
	case !avx2:
		return false
	case c.shrink != 0:
		adamWWide(&w[0], &m[0], &v[0], &g[0], len(w), c.scale, c.rate, c.root, c.beta1, c.beta2, c.share1, c.share2, c.epsilon, c.shrink)
	case c.decay != 0:
		adamDecayWide(&w[0], &m[0], &v[0], &g[0], len(w), c.scale, c.rate, c.root, c.beta1, c.beta2, c.share1, c.share2, c.epsilon, c.decay)
	default:
		adamWide(&w[0], &m[0], &v[0], &g[0], len(w), c.scale, c.rate, c.root, c.beta1, c.beta2, c.share1, c.share2, c.epsilon)
	}
	return true
}
