package kernel

// SGD computes w −= rate·(scale·g + decay·w) for size elements.
func SGD(p *Pool, w, g []float32, scale, rate float32, size int, decay float32) {
	p.descend(&descent{method: bySGD, w: w[:size], g: g, c: coefficients{scale: scale, rate: rate, decay: decay}})
}

func sgd(w, g []float32, c *coefficients) {
	g = g[:len(w)]
	switch {
	case c.sgd(w, g):
	case c.decay == 0:
		for i, v := range g {
			w[i] -= float32(c.rate * float32(c.scale*v))
		}
	default:
		for i, u := range w {
			w[i] = u - float32(c.rate*(float32(c.scale*g[i])+float32(c.decay*u)))
		}
	}
}

// Momentum computes v = momentum·v + (1 − dampening)·(scale·g + decay·w) and w −= rate·v for size elements; in
// step 0, v is that gradient.
func Momentum(p *Pool, w, v, g []float32, scale, rate float32, step uint64, size int, momentum float32, dampening float64, decay float32) {
	c := coefficients{scale: scale, rate: rate, decay: decay, momentum: momentum, share: float32(1 - dampening)}
	if step == 0 {
		startMomentum(w[:size], v, g, &c, false)
		return
	}
	p.descend(&descent{method: byMomentum, w: w[:size], slots: [3][]float32{v}, g: g, c: c})
}

// Nesterov computes v as Momentum does and w −= rate·(gradient + momentum·v) for size elements.
func Nesterov(p *Pool, w, v, g []float32, scale, rate float32, step uint64, size int, momentum float32, dampening float64, decay float32) {
	c := coefficients{scale: scale, rate: rate, decay: decay, momentum: momentum, share: float32(1 - dampening)}
	if step == 0 {
		startMomentum(w[:size], v, g, &c, true)
		return
	}
	p.descend(&descent{method: byNesterov, w: w[:size], slots: [3][]float32{v}, g: g, c: c})
}

// startMomentum is the first step of both, which does not read v.
func startMomentum(w, v, g []float32, c *coefficients, nesterov bool) {
	v, g = v[:len(w)], g[:len(w)]
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		v[i] = gradient
		if nesterov {
			gradient += float32(c.momentum * gradient)
		}
		w[i] = u - float32(c.rate*gradient)
	}
}

// momentum is every later step of both.
func momentum(w, v, g []float32, c *coefficients, nesterov bool) {
	v, g = v[:len(w)], g[:len(w)]
	if c.withMomentum(w, v, g, nesterov) {
		return
	}
	for i, u := range w {
		gradient := float32(c.scale*g[i]) + float32(c.decay*u)
		move := float32(c.momentum*v[i]) + float32(c.share*gradient)
		v[i] = move
		if nesterov {
			move = gradient + float32(c.momentum*move)
		}
		w[i] = u - float32(c.rate*move)
	}
}
