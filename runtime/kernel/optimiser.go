package kernel

// descent is one step of an optimiser on the parameters w, by their gradients g and the optimiser's slots, which it changes
// too.
type descent struct {
	method method
	w, g   []float32
	slots  [3][]float32 // nil: the optimiser has none there
	c      coefficients
}

// coefficients are the numbers of a step that are the same for all elements.
type coefficients struct {
	scale, rate, decay                    float32
	momentum, share                       float32 // of what has a momentum
	root, shrink                          float32 // of Adam and its kin, as what follows
	beta1, beta2, share1, share2, epsilon float32
	next                                  float32 // of NAdam
}

// method says what a step does.
type method uint8

const (
	bySGD method = iota
	byMomentum
	byNesterov
	byAdam
	byAMSGrad
	byNAdam
	byAdamax
	byRMSprop
	byAdagrad
	byAdadelta
	byLion
)

// descentTile is the number of elements of a tile: 10 µs of Adam. With smaller ones parameters fall to another core in
// each step, and come from its cache: that took four times as long.
const descentTile = 32_768

// worthDescending is the number of elements from which on it pays to call the workers: 5 µs of SGD, 20 µs of Adam.
const worthDescending = 2 * descentTile

// descend does the step, tile by tile.
func (p *Pool) descend(d *descent) {
	size := len(d.w)
	tiles := (size + descentTile - 1) / descentTile
	if p != nil && size >= worthDescending {
		p.run(job{tile: func(j *job, tile int) { j.descent.tile(tile) }, descent: *d}, tiles)
		return
	}
	for tile := range tiles {
		d.tile(tile)
	}
}

// tile does the step for some elements, at least one.
func (d *descent) tile(tile int) {
	from := tile * descentTile
	to := min(from+descentTile, len(d.w))
	part := descent{method: d.method, w: d.w[from:to], g: d.g[from:to], c: d.c}
	for i, slot := range d.slots {
		if slot != nil {
			part.slots[i] = slot[from:to]
		}
	}
	part.do()
}

// do does the step.
func (d *descent) do() {
	w, g, a, b, c := d.w, d.g, d.slots[0], d.slots[1], d.slots[2]
	switch d.method {
	case bySGD:
		sgd(w, g, &d.c)
	case byMomentum:
		momentum(w, a, g, &d.c, false)
	case byNesterov:
		momentum(w, a, g, &d.c, true)
	case byAdam:
		adam(w, a, b, g, &d.c)
	case byAMSGrad:
		amsgrad(w, a, b, c, g, &d.c)
	case byNAdam:
		nadam(w, a, b, g, &d.c)
	case byAdamax:
		adamax(w, a, b, g, &d.c)
	case byRMSprop:
		rmsprop(w, a, b, c, g, &d.c)
	case byAdagrad:
		adagrad(w, a, g, &d.c)
	case byAdadelta:
		adadelta(w, a, b, g, &d.c)
	case byLion:
		lion(w, a, g, &d.c)
	}
}
