package kernel

// LSTM computes the gates i, f, o = σ(x + w·h) and g = tanh(x + w·h), the cells c = f·c + i·g and the states o·tanh(c),
// where h and the c on the right are those of the step before: x [n, steps, 4·hidden], w [4·hidden, hidden] in panels,
// both in the order of i, f, g, o; mask [n, steps] or nil; states [n, steps, hidden]. The gates [n, steps, 4·hidden], which
// may lie over x, and the cells [n, steps, hidden] may be nil. The scratch has hidden + 5·n·hidden elements.
func LSTM(p *Pool, states, gates, cells, x, w, mask, scratch []float32, n int, g *Recurrent) {
	r := g.forwards(&scratch, n)
	r.cell, r.states, r.gates, r.inner, r.x, r.w, r.mask = lstm, states, gates, cells, x, w, mask
	if cells == nil {
		r.carried = take(&scratch, n*g.Hidden)
		clear(r.carried)
	}
	r.run(p)
}

// LSTMGrad computes ∂x [n, steps, 4·hidden] from ∂states, the gates and the cells. It may lie over the gates. The scratch
// has hidden + 2·n·hidden + 4·hidden² elements.
func LSTMGrad(p *Pool, dx, dstates, w, gates, cells, mask, scratch []float32, n int, g *Recurrent) {
	r := g.backwards(w, &scratch, n)
	r.cell, r.dx, r.d, r.dy, r.gates, r.inner, r.mask = lstm, dx, dx, dstates, gates, cells, mask
	r.carried = take(&scratch, n*g.Hidden)
	r.run(p)
}

// lstm computes one step of one row.
func (r *recurring) lstm(row, at, before int) {
	hidden := r.hidden[row*4*r.Hidden:][:4*r.Hidden]
	gates, cells, last := hidden, r.ofCarried(row), r.ofCarried(row)
	if r.gates != nil {
		gates = r.of(r.gates, row, at, 4)
	}
	if r.inner != nil {
		cells, last = r.of(r.inner, row, at, 1), r.ofBefore(r.inner, row, before)
	}
	lstmRow(r.of(r.states, row, at, 1), gates, cells, r.of(r.x, row, at, 4), hidden, last)
}

// lstmGrad is its gradient.
func (r *recurring) lstmGrad(row, at, before int) {
	lstmGradRow(r.of(r.dx, row, at, 4), r.dh[row*r.Hidden:][:r.Hidden], r.ofCarried(row), r.of(r.dy, row, at, 1),
		r.of(r.gates, row, at, 4), r.of(r.inner, row, at, 1), r.ofBefore(r.inner, row, before))
}

// ofCarried returns what a row carries on besides its states, nil where that is saved.
func (r *recurring) ofCarried(row int) []float32 {
	if r.carried == nil {
		return nil
	}
	return r.carried[row*r.Hidden:][:r.Hidden]
}

// lstmRow computes one step of one row. The gates may be hidden, and the cells before.
func lstmRow(states, gates, cells, x, hidden, before []float32) {
	if lstmAssembly(states, gates, cells, x, hidden, before) {
		return
	}
	size := len(states)
	for k := range size {
		i := Sigmoid1(x[k] + hidden[k])
		f := Sigmoid1(x[size+k] + hidden[size+k])
		g := Tanh1(x[2*size+k] + hidden[2*size+k])
		o := Sigmoid1(x[3*size+k] + hidden[3*size+k])
		c := float32(f*before[k]) + float32(i*g)
		gates[k], gates[size+k], gates[2*size+k], gates[3*size+k] = i, f, g, o
		cells[k], states[k] = c, o*Tanh1(c)
	}
}

// lstmGradRow computes ∂x of one step of one row, and makes dc the gradient of the cells of the step before, and dh what
// reaches its states besides the product: nothing.
func lstmGradRow(dx, dh, dc, dy, gates, cells, before []float32) {
	if lstmGradAssembly(dx, dh, dc, dy, gates, cells, before) {
		return
	}
	size := len(cells)
	for k := range size {
		i, f, g, o := gates[k], gates[size+k], gates[2*size+k], gates[3*size+k]
		t := Tanh1(cells[k])
		h := dy[k] + dh[k]
		c := dc[k] + float32(float32(h*o)*(1-float32(t*t)))
		dx[k] = float32(float32(c*g)*i) * (1 - i)
		dx[size+k] = float32(float32(c*before[k])*f) * (1 - f)
		dx[2*size+k] = float32(c*i) * (1 - float32(g*g))
		dx[3*size+k] = float32(float32(h*t)*o) * (1 - o)
		dc[k], dh[k] = c*f, 0
	}
}
