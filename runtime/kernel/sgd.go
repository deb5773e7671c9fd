package kernel

// SGD computes w −= rate·(scale·g + decay·w) for size elements.
func SGD(p *Pool, w, g []float32, scale, rate float32, size int, decay float32) {
	w = w[:size]
	g = g[:len(w)]
	if decay == 0 {
		for i, v := range g {
			w[i] -= float32(rate * float32(scale*v))
		}
		return
	}
	for i, v := range w {
		w[i] = v - float32(rate*(float32(scale*g[i])+float32(decay*v)))
	}
}

// Momentum computes v = momentum·v + (1 − dampening)·(scale·g + decay·w) and w −= rate·v for size elements; in
// step 0, v is that gradient.
func Momentum(p *Pool, w, v, g []float32, scale, rate float32, step uint64, size int, momentum float32, dampening float64, decay float32) {
	w = w[:size]
	v, g = v[:len(w)], g[:len(w)]
	share := float32(1 - dampening)
	for i, u := range w {
		v[i] = velocity(step, v[i], float32(scale*g[i])+float32(decay*u), momentum, share)
		w[i] = u - float32(rate*v[i])
	}
}

// Nesterov computes v as Momentum does and w −= rate·(gradient + momentum·v) for size elements.
func Nesterov(p *Pool, w, v, g []float32, scale, rate float32, step uint64, size int, momentum float32, dampening float64, decay float32) {
	w = w[:size]
	v, g = v[:len(w)], g[:len(w)]
	share := float32(1 - dampening)
	for i, u := range w {
		gradient := float32(scale*g[i]) + float32(decay*u)
		v[i] = velocity(step, v[i], gradient, momentum, share)
		w[i] = u - float32(rate*(gradient+float32(momentum*v[i])))
	}
}

func velocity(step uint64, v, g, momentum, share float32) float32 {
	if step == 0 {
		return g
	}
	return float32(momentum*v) + float32(share*g)
}
