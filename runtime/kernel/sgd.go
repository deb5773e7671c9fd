package kernel

// SGD computes w −= lr·(g + decay·w) for size elements.
func SGD(p *Pool, w, g []float32, size int, lr, decay float32) {
	w = w[:size]
	g = g[:len(w)]
	if decay == 0 {
		for i, v := range g {
			w[i] -= float32(lr * v)
		}
		return
	}
	for i, v := range w {
		w[i] = v - float32(lr*(g[i]+float32(decay*v)))
	}
}

// Momentum computes v = momentum·v + (1 − dampening)·g and w −= lr·v for size elements, where decay·w is added
// to g first; in step 0, v = g.
func Momentum(p *Pool, w, v, g []float32, step uint64, size int, lr, momentum float32, dampening float64, decay float32) {
	w = w[:size]
	v, g = v[:len(w)], g[:len(w)]
	share := float32(1 - dampening)
	for i, u := range w {
		v[i] = velocity(step, v[i], g[i]+float32(decay*u), momentum, share)
		w[i] = u - float32(lr*v[i])
	}
}

// Nesterov computes v = momentum·v + (1 − dampening)·g and w −= lr·(g + momentum·v) for size elements, where
// decay·w is added to g first; in step 0, v = g.
func Nesterov(p *Pool, w, v, g []float32, step uint64, size int, lr, momentum float32, dampening float64, decay float32) {
	w = w[:size]
	v, g = v[:len(w)], g[:len(w)]
	share := float32(1 - dampening)
	for i, u := range w {
		gradient := g[i] + float32(decay*u)
		v[i] = velocity(step, v[i], gradient, momentum, share)
		w[i] = u - float32(lr*(gradient+float32(momentum*v[i])))
	}
}

func velocity(step uint64, v, g, momentum, share float32) float32 {
	if step == 0 {
		return g
	}
	return float32(momentum*v) + float32(share*g)
}
