package kernel

// Recurrent is the geometry of a layer whose steps along a sequence each read what the step before has made. It is built
// once.
type Recurrent struct {
	Steps, Hidden int
	Gates         int  // what a step computes of each element: 1, 3 of GRU, 4 of LSTM
	Reverse       bool // the steps run from the last position to the first
}

// A recurrent layer has projected its inputs before: x [n, steps, gates·hidden] is what each position adds to the gates.
// A step multiplies the states of the step before with w [gates·hidden, hidden], in panels, for all rows at once; rows then
// go on by themselves. In a step where the mask [n, steps], which may be nil, is 0, a row keeps its state, and what is saved
// of its gates is 0.

// RecurrentGradWeight computes ∂w, the sum of the products of what flows into the hidden product, d [n, steps,
// gates·hidden], with the states [n, steps, hidden] of the step before, over rows and steps: dw [gates·hidden, hidden] in
// panels. The first step has no state before it.
func RecurrentGradWeight(p *Pool, dw, states, d, scratch []float32, n int, g *Recurrent) {
	width := g.Gates * g.Hidden
	x, dy := states, d
	switch {
	case n == 0 || g.Steps == 1:
		x, dy = nil, nil
	case g.Reverse:
		x = states[g.Hidden:]
	default:
		dy = d[width:]
	}
	LinearStridedGradWeight(p, dw, x, dy, scratch, n, g.Steps-1, &Strided{In: g.Hidden, Out: width, RowX: g.Hidden, RowY: width,
		BatchX: g.Steps * g.Hidden, BatchY: g.Steps * width})
}

// recurring is a recurrent layer at work, or its gradient: what a tile, some rows of the batch, needs.
type recurring struct {
	Recurrent
	rows, height int // of the batch, of a tile
	cell         cell
	gradient     bool
	x, w, b      []float32 // of the gradient, x is nil and w turned
	mask         []float32
	states       []float32
	gates, inner []float32 // what is saved for the gradient, or nil; inner are an LSTM's cells and what a GRU's reset multiplies
	hidden       []float32 // temporary: [n, gates·hidden]
	carried      []float32 // temporary: what an LSTM's cells are where they are not saved, their gradient; [n, hidden]
	nothing      []float32 // temporary: zeros [hidden]
	dy, dh       []float32 // of the gradient: of the states, and temporary what comes back from the step behind, [n, hidden]
	dx, d        []float32 // of the gradient: of x, and of the hidden product, the same array unless a GRU's
}

// cell is a kind of layer: what one row does in a step, element by element.
type cell int

const (
	rnn cell = iota
	lstm
	gru
)

// step computes a position of a row that takes part, before being the position before it, -1 if there is none.
func (r *recurring) step(row, at, before int) {
	switch r.cell {
	case rnn:
		r.rnn(row, at)
	case lstm:
		r.lstm(row, at, before)
	case gru:
		r.gru(row, at, before)
	}
}

// stepGrad is the gradient of step.
func (r *recurring) stepGrad(row, at, before int) {
	switch r.cell {
	case rnn:
		r.rnnGrad(row, at)
	case lstm:
		r.lstmGrad(row, at, before)
	case gru:
		r.gruGrad(row, at, before)
	}
}

// A tile has at most mostRecurring rows, whose gates stay in the second-level cache, and where workers share them at least
// leastRecurring: products of fewer take longer for each.
const mostRecurring, leastRecurring = 48, 8

// run shares the rows out.
func (r *recurring) run(p *Pool) {
	r.height = min(r.rows, mostRecurring)
	shared := p.shared(r.rows * r.Steps * r.Gates * r.Hidden * r.Hidden)
	if shared {
		r.height = min(r.height, max(leastRecurring, (r.rows+enoughTiles-1)/enoughTiles))
	}
	tiles := 0
	if r.rows > 0 {
		tiles = (r.rows + r.height - 1) / r.height
	}
	if shared && tiles > 1 {
		p.run(job{tile: recurringTile, recurring: *r}, tiles)
		return
	}
	for tile := range tiles {
		r.tile(tile)
	}
}

func recurringTile(j *job, tile int) { j.recurring.tile(tile) }

// tile computes some rows.
func (r *recurring) tile(tile int) {
	row := tile * r.height
	if rows := min(r.height, r.rows-row); r.gradient {
		r.backward(row, rows)
	} else {
		r.forward(row, rows)
	}
}

// position returns the position of a step and of the one before, -1 if there is none.
func (r *recurring) position(step int) (at, before int) {
	if !r.Reverse {
		return step, step - 1
	}
	at = r.Steps - 1 - step
	if step == 0 {
		return at, -1
	}
	return at, at + 1
}

// takesPart tells whether a row does in a position.
func (r *recurring) takesPart(row, at int) bool { return r.mask == nil || r.mask[row*r.Steps+at] != 0 }

// anyTakesPart tells whether one of some rows does.
func (r *recurring) anyTakesPart(row, rows, at int) bool {
	for i := row; i < row+rows; i++ {
		if r.takesPart(i, at) {
			return true
		}
	}
	return false
}

// forward computes the states of some rows.
func (r *recurring) forward(row, rows int) {
	for step := range r.Steps {
		at, before := r.position(step)
		if r.anyTakesPart(row, rows, at) {
			r.product(row, rows, before)
		}
		for i := row; i < row+rows; i++ {
			if r.takesPart(i, at) {
				r.step(i, at, before)
			} else {
				r.keep(i, at, before)
			}
		}
	}
}

// product computes hidden = h·wᵀ + b of some rows, h the states of a position or 0.
func (r *recurring) product(row, rows, before int) {
	width := r.Gates * r.Hidden
	m := multiplication{c: r.hidden[row*width:], b: r.w, bias: r.b, rows: rows, columns: width, rowC: width, positions: 1, panelsB: true}
	if before >= 0 {
		m.a, m.terms, m.rowA = r.states[(row*r.Steps+before)*r.Hidden:], r.Hidden, r.Steps*r.Hidden
	}
	m.run(nil, nil)
}

// keep lets a row that takes no part have the states that it had.
func (r *recurring) keep(row, at, before int) {
	copy(r.of(r.states, row, at, 1), r.ofBefore(r.states, row, before))
	clear(r.of(r.gates, row, at, r.Gates))
	switch {
	case r.inner == nil:
	case r.cell == lstm:
		copy(r.of(r.inner, row, at, 1), r.ofBefore(r.inner, row, before))
	default:
		clear(r.of(r.inner, row, at, 1))
	}
}

// backward computes the gradients of some rows.
func (r *recurring) backward(row, rows int) {
	width := r.Gates * r.Hidden
	clear(r.dh[row*r.Hidden:][:rows*r.Hidden])
	if r.carried != nil {
		clear(r.carried[row*r.Hidden:][:rows*r.Hidden])
	}
	for step := r.Steps - 1; step >= 0; step-- {
		at, before := r.position(step)
		for i := row; i < row+rows; i++ {
			if r.takesPart(i, at) {
				r.stepGrad(i, at, before)
				continue
			}
			dh := r.dh[i*r.Hidden:][:r.Hidden]
			for k, v := range r.of(r.dy, i, at, 1) {
				dh[k] += v
			}
			clear(r.of(r.dx, i, at, r.Gates)) // which may lie over dy
			clear(r.of(r.d, i, at, r.Gates))
		}
		if step > 0 && r.anyTakesPart(row, rows, at) {
			m := multiplication{c: r.dh[row*r.Hidden:], a: r.d[(row*r.Steps+at)*width:], b: r.w, rows: rows, columns: r.Hidden, terms: width,
				rowA: r.Steps * width, positions: 1, panelsB: true, adds: true}
			m.run(nil, nil)
		}
	}
}

// of returns the part of an array [n, steps, times·hidden] that belongs to a row and a position; nil of none.
func (r *recurring) of(array []float32, row, at, times int) []float32 {
	if array == nil {
		return nil
	}
	size := times * r.Hidden
	return array[(row*r.Steps+at)*size:][:size]
}

// ofBefore is of for the position before, zeros where there is none.
func (r *recurring) ofBefore(array []float32, row, before int) []float32 {
	if before < 0 {
		return r.nothing
	}
	return r.of(array, row, before, 1)
}

// forwards begins a layer with the scratch of all kinds.
func (g *Recurrent) forwards(scratch *[]float32, n int) recurring {
	r := recurring{Recurrent: *g, rows: n}
	r.nothing = take(scratch, g.Hidden)
	clear(r.nothing)
	r.hidden = take(scratch, n*g.Gates*g.Hidden)
	return r
}

// backwards begins a gradient likewise. The weight [gates·hidden, hidden] is turned once for all steps.
func (g *Recurrent) backwards(w []float32, scratch *[]float32, n int) recurring {
	r := recurring{Recurrent: *g, rows: n, gradient: true}
	r.nothing = take(scratch, g.Hidden)
	clear(r.nothing)
	r.dh = take(scratch, n*g.Hidden)
	r.w = take(scratch, g.Gates*g.Hidden*g.Hidden)
	turnPanels(r.w, w, g.Gates*g.Hidden, g.Hidden)
	return r
}

// turnPanels writes the weight [out, in] in panels to dst as [in, out] in panels.
func turnPanels(dst, w []float32, out, in int) {
	for k := 0; k < in; k += panel {
		wide := min(panel, in-k)
		for j := 0; j < out; j += panel {
			width := min(panel, out-j)
			transpose(dst[k*out+j*wide:], w[j*in+k*width:], wide, width, wide, width)
		}
	}
}
