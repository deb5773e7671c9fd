package kernel

// RNN computes states = tanh(x + w·h), h being the states of the step before: x and states [n, steps, hidden],
// w [hidden, hidden] in panels, mask [n, steps] or nil. The scratch has hidden + n·hidden elements.
func RNN(p *Pool, states, x, w, mask, scratch []float32, n int, g *Recurrent) {
	r := g.forwards(&scratch, n)
	r.cell, r.states, r.x, r.w, r.mask = rnn, states, x, w, mask
	r.run(p)
}

// RNNGrad computes ∂x [n, steps, hidden] from ∂states and the states, of the same size. The scratch has
// hidden + n·hidden + hidden² elements.
func RNNGrad(p *Pool, dx, dstates, w, states, mask, scratch []float32, n int, g *Recurrent) {
	r := g.backwards(w, &scratch, n)
	r.cell, r.dx, r.d, r.dy, r.states, r.mask = rnn, dx, dx, dstates, states, mask
	r.run(p)
}

// rnn computes one step of one row.
func (r *recurring) rnn(row, at int) {
	rnnRow(r.of(r.states, row, at, 1), r.of(r.x, row, at, 1), r.hidden[row*r.Hidden:][:r.Hidden])
}

// rnnGrad is its gradient.
func (r *recurring) rnnGrad(row, at int) {
	rnnGradRow(r.of(r.dx, row, at, 1), r.dh[row*r.Hidden:][:r.Hidden], r.of(r.dy, row, at, 1), r.of(r.states, row, at, 1))
}

// rnnRow computes one step of one row.
func rnnRow(states, x, hidden []float32) {
	if rnnAssembly(states, x, hidden) {
		return
	}
	for k := range states {
		states[k] = Tanh1(x[k] + hidden[k])
	}
}

// rnnGradRow computes ∂x of one step of one row, and makes dh what reaches the step before besides the product.
func rnnGradRow(dx, dh, dy, states []float32) {
	if rnnGradAssembly(dx, dh, dy, states) {
		return
	}
	for k, h := range states {
		dx[k], dh[k] = (dy[k]+dh[k])*(1-float32(h*h)), 0
	}
}
