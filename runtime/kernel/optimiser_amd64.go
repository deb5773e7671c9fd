//go:build !purego

package kernel

//go:generate go run -C _asm . -file optimiser -out ../optimiser_amd64.s -stubs ../optimiser_stubs_amd64.go -pkg kernel

// Each of these does the step that stands in the optimiser's file if there is assembly for it. The arrays have the same
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

func (c *coefficients) amsgrad(w, m, v, most, g []float32) bool {
	if avx2 {
		amsgradWide(&w[0], &m[0], &v[0], &most[0], &g[0], len(w), c.scale, c.rate, c.root, c.beta1, c.beta2, c.share1, c.share2, c.epsilon, c.decay, c.shrink)
	}
	return avx2
}

func (c *coefficients) nadam(w, m, v, g []float32) bool {
	if avx2 {
		nadamWide(&w[0], &m[0], &v[0], &g[0], len(w), c.scale, c.rate, c.next, c.root, c.beta1, c.beta2, c.share1, c.share2, c.epsilon, c.decay)
	}
	return avx2
}

func (c *coefficients) adamax(w, m, u, g []float32) bool {
	if avx2 {
		adamaxWide(&w[0], &m[0], &u[0], &g[0], len(w), c.scale, c.rate, c.beta1, c.beta2, c.share1, c.epsilon, c.decay)
	}
	return avx2
}

func (c *coefficients) rmsprop(w, v, mean, buffer, g []float32) bool {
	switch {
	case !avx2:
		return false
	case mean == nil && buffer == nil:
		rmspropWide(&w[0], &v[0], &g[0], len(w), c.scale, c.rate, c.beta2, c.share2, c.epsilon, c.decay)
	case mean == nil:
		rmspropMomentumWide(&w[0], &v[0], &buffer[0], &g[0], len(w), c.scale, c.rate, c.beta2, c.share2, c.epsilon, c.decay, c.momentum)
	case buffer == nil:
		centeredWide(&w[0], &v[0], &mean[0], &g[0], len(w), c.scale, c.rate, c.beta2, c.share2, c.epsilon, c.decay)
	default:
		centeredMomentumWide(&w[0], &v[0], &mean[0], &buffer[0], &g[0], len(w), c.scale, c.rate, c.beta2, c.share2, c.epsilon, c.decay, c.momentum)
	}
	return true
}

func (c *coefficients) adagrad(w, sum, g []float32) bool {
	if avx2 {
		adagradWide(&w[0], &sum[0], &g[0], len(w), c.scale, c.rate, c.epsilon, c.decay)
	}
	return avx2
}

func (c *coefficients) adadelta(w, v, delta, g []float32) bool {
	if avx2 {
		adadeltaWide(&w[0], &v[0], &delta[0], &g[0], len(w), c.scale, c.rate, c.beta2, c.share2, c.epsilon, c.decay)
	}
	return avx2
}

func (c *coefficients) lion(w, m, g []float32) bool {
	if avx2 {
		lionWide(&w[0], &m[0], &g[0], len(w), c.scale, c.rate, c.beta1, c.beta2, c.share1, c.share2, c.shrink)
	}
	return avx2
}
