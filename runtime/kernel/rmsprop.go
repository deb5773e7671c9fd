package kernel

// RMSprop does one step of RMSprop on size elements: the gradient is scale·g + decay·w, v the mean of its squares, of which
// α is left after each step, and w −= rate·gradient/(√v + ε).
func RMSprop(p *Pool, w, v, g []float32, scale, rate float32, size int, alpha, epsilon, decay float64) {
	p.rmsprop([3][]float32{v}, w[:size], g, scale, rate, alpha, epsilon, 0, decay)
}

// RMSpropMomentum does one step of RMSprop with the buffer b on size elements: b = momentum·b + gradient/(√v + ε) and
// w −= rate·b.
func RMSpropMomentum(p *Pool, w, v, b, g []float32, scale, rate float32, size int, alpha, epsilon, momentum, decay float64) {
	p.rmsprop([3][]float32{v, nil, b}, w[:size], g, scale, rate, alpha, epsilon, momentum, decay)
}

// CenteredRMSprop is RMSprop with the gradient's variance max(v − mean², 0) in place of v, where mean is the gradient's
// mean, of which α is left after each step too.
func CenteredRMSprop(p *Pool, w, v, mean, g []float32, scale, rate float32, size int, alpha, epsilon, decay float64) {
	p.rmsprop([3][]float32{v, mean}, w[:size], g, scale, rate, alpha, epsilon, 0, decay)
}

// CenteredRMSpropMomentum is RMSpropMomentum with the gradient's variance, as CenteredRMSprop.
func CenteredRMSpropMomentum(p *Pool, w, v, mean, b, g []float32, scale, rate float32, size int, alpha, epsilon, momentum, decay float64) {
	p.rmsprop([3][]float32{v, mean, b}, w[:size], g, scale, rate, alpha, epsilon, momentum, decay)
}

// rmsprop does one step with the slots v, mean and buffer, of which the latter two may be nil.
func (p *Pool) rmsprop(slots [3][]float32, w, g []float32, scale, rate float32, alpha, epsilon, momentum, decay float64) {
	d := descent{method: byRMSprop, w: w, slots: slots, g: g, c: adamCoefficients(0, alpha, epsilon)}
	d.c.scale, d.c.rate, d.c.momentum, d.c.decay = scale, rate, float32(momentum), float32(decay)
	p.descend(&d)
}

func rmsprop(w, v, mean, buffer, g []float32, c *coefficients) {
	v, g = v[:len(w)], g[:len(w)]
	if c.rmsprop(w, v, mean, buffer, g) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		second := float32(c.beta2*v[i]) + float32(float32(c.share2*gradient)*gradient)
		v[i] = second
		if mean != nil {
			average := float32(c.beta2*mean[i]) + float32(c.share2*gradient)
			mean[i] = average
			second = larger(0, second-float32(average*average))
		}
		move := gradient / (Sqrt(second) + c.epsilon)
		if buffer != nil {
			move = float32(c.momentum*buffer[i]) + move
			buffer[i] = move
		}
		w[i] = u - float32(c.rate*move)
	}
}
