package kernel

// GRU computes the gates r, z = σ(x + w·h + b) and n = tanh(x + r·(w·h + b)) and the states (1 − z)·n + z·h, where h are the
// states of the step before: x [n, steps, 3·hidden], w [3·hidden, hidden] in panels and b [3·hidden], which may be nil, all
// in the order of r, z, n; mask [n, steps] or nil; states [n, steps, hidden]. The gates [n, steps, 3·hidden], which may lie
// over x, and what the reset r multiplies, inner [n, steps, hidden], may be nil. The scratch has hidden + 3·n·hidden elements.
func GRU(p *Pool, states, gates, inner, x, w, b, mask, scratch []float32, n int, g *Recurrent) {
	r := g.forwards(&scratch, n)
	r.cell, r.states, r.gates, r.inner, r.x, r.w, r.b, r.mask = gru, states, gates, inner, x, w, b, mask
	r.run(p)
}

// GRUGrad computes ∂x and ∂hidden, of the product w·h + b, both [n, steps, 3·hidden], from ∂states, the gates, inner and the
// states. ∂x may lie over the gates. The scratch has hidden + n·hidden + 3·hidden² elements.
func GRUGrad(p *Pool, dx, dhidden, dstates, w, gates, inner, states, mask, scratch []float32, n int, g *Recurrent) {
	r := g.backwards(w, &scratch, n)
	r.cell, r.dx, r.d, r.dy, r.gates, r.inner, r.states, r.mask = gru, dx, dhidden, dstates, gates, inner, states, mask
	r.run(p)
}

// gru computes one step of one row.
func (r *recurring) gru(row, at, before int) {
	hidden := r.hidden[row*3*r.Hidden:][:3*r.Hidden]
	gates, inner := hidden, hidden[2*r.Hidden:]
	if r.gates != nil {
		gates = r.of(r.gates, row, at, 3)
	}
	if r.inner != nil {
		inner = r.of(r.inner, row, at, 1)
	}
	gruRow(r.of(r.states, row, at, 1), gates, inner, r.of(r.x, row, at, 3), hidden, r.ofBefore(r.states, row, before))
}

// gruGrad is its gradient.
func (r *recurring) gruGrad(row, at, before int) {
	gruGradRow(r.of(r.dx, row, at, 3), r.of(r.d, row, at, 3), r.dh[row*r.Hidden:][:r.Hidden], r.of(r.dy, row, at, 1),
		r.of(r.gates, row, at, 3), r.of(r.inner, row, at, 1), r.ofBefore(r.states, row, before))
}

// gruRow computes one step of one row. The gates may be hidden, and inner its last part.
func gruRow(states, gates, inner, x, hidden, before []float32) {
	if gruAssembly(states, gates, inner, x, hidden, before) {
		return
	}
	size := len(states)
	for k := range size {
		r := Sigmoid1(x[k] + hidden[k])
		z := Sigmoid1(x[size+k] + hidden[size+k])
		m := hidden[2*size+k]
		n := Tanh1(x[2*size+k] + float32(r*m))
		inner[k] = m
		gates[k], gates[size+k], gates[2*size+k] = r, z, n
		states[k] = float32((1-z)*n) + float32(z*before[k])
	}
}

// gruGradRow computes ∂x and ∂hidden of one step of one row, and makes dh what reaches the step before besides the product.
func gruGradRow(dx, d, dh, dy, gates, inner, before []float32) {
	if gruGradAssembly(dx, d, dh, dy, gates, inner, before) {
		return
	}
	size := len(before)
	for k := range size {
		r, z, n := gates[k], gates[size+k], gates[2*size+k]
		h := dy[k] + dh[k]
		dn := float32(h*(1-z)) * (1 - float32(n*n))
		dr := float32(float32(dn*inner[k])*r) * (1 - r)
		dz := float32(float32(h*(before[k]-n))*z) * (1 - z)
		dx[k], dx[size+k], dx[2*size+k] = dr, dz, dn
		d[k], d[size+k], d[2*size+k] = dr, dz, dn*r
		dh[k] = h * z
	}
}
