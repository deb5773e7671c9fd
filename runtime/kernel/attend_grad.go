package kernel

// AttendGrad computes the gradients of Attend's operands, of the results y, top and total of which, and of ∂y:
//
//	∂p = dropout∘(∂y·vᵀ)   ∂v = (dropout∘p)ᵀ·∂y   ∂s = p∘(∂p − Σ ∂y·y)/√size   ∂q = ∂s·k   ∂k = ∂sᵀ·q
//
// p is computed again, by tiles of queries and blocks of 256 keys. Gradients that are nil are not computed.
func AttendGrad(p *Pool, dq, dk, dv, q, k, v, y, top, total, dy, mask, dropout []float32, n int, g *Attention) {
	a := attending{g: g, y: y, top: top, total: total, q: q, k: k, v: v, mask: mask, dropout: dropout, dy: dy, dq: dq, dk: dk, dv: dv, height: g.Tile}
	a.tiles = (g.Queries + a.height - 1) / a.height
	units := n * g.KeyHeads
	if units > 1 && p.shared(5*n*g.Heads*g.Queries*g.Keys*g.Size) {
		p.run(job{tile: func(j *job, tile int) { j.attending.backward(tile) }, attending: a}, units)
		return
	}
	for unit := range units {
		a.backward(unit)
	}
}

// backward computes the gradients of one head of keys and of the heads that share it.
func (a *attending) backward(unit int) {
	g, u := a.g, a.unit(unit)
	seen := a.visible(u)
	most := min(seen, block)
	room := borrow()
	defer room.giveBack()
	floats := room.floats(wholePanels(most)*(2*g.Size+1) + a.height*(2*g.Size+2*apart(most)))
	b := backwards{}
	b.k = take(&floats, wholePanels(most)*g.Size)
	b.v = take(&floats, wholePanels(most)*g.Size)
	hidden := take(&floats, wholePanels(most))
	b.dy = take(&floats, a.height*g.Size)
	b.y = take(&floats, a.height*g.Size)
	b.p = take(&floats, a.height*apart(most))
	b.ds = floats
	step := g.KeyHeads * g.Size
	for _, d := range [...][]float32{a.dk, a.dv} {
		for key := seen; key < g.Keys && d != nil; key++ {
			clear(d[u.key+key*step:][:g.Size])
		}
	}
	for first := 0; first < seen; first += block {
		keys := min(block, seen-first)
		a.turn(b.k, a.k[u.key+first*step:], keys)
		a.turn(b.v, a.v[u.key+first*step:], keys)
		b.hidden = a.hide(hidden, u, first, keys)
		for h := range g.Heads / g.KeyHeads {
			tile := 0
			if g.Causal {
				tile = first / a.height // queries before it see none of the keys
			}
			for ; tile < a.tiles; tile++ {
				a.tileBackward(&b, u, a.of(u, h, tile), first, keys, h == 0)
			}
		}
	}
}

// backwards is room for a tile of queries and a block of keys: k/√size and v/√size turned, what hides keys, ∂y/total, y, p·total
// and ∂s.
type backwards struct{ k, v, hidden, dy, y, p, ds []float32 }

// tileBackward adds what a tile of queries and a block of keys add to the gradients.
func (a *attending) tileBackward(b *backwards, u unit, t queries, first, keys int, fresh bool) {
	g := a.g
	size, step, keyStep := g.Size, g.Heads*g.Size, g.KeyHeads*g.Size
	p, ds := a.scores(b.p, t, first, keys), a.scores(b.ds, t, first, keys)
	var unused, dots [mostTogether]float32

	p.multiply(a.q[t.query:], step, b.k, b.hidden, size)
	a.mark(&p, u)
	p.exponentials(unused[:t.rows], a.top[t.index:][:t.rows])

	a.shares(b, t, dots[:t.rows])
	ds.multiply(b.dy, size, b.v, nil, size)
	a.drop(&ds, t)
	ds.excess(&p, dots[:t.rows])
	a.drop(&p, t)

	at := u.key + first*keyStep
	if a.dv != nil {
		p.gather(a.dv[at:], keyStep, b.dy, size, size, fresh)
	}
	if a.dk != nil {
		ds.gather(a.dk[at:], keyStep, a.q[t.query:], step, size, fresh)
	}
	if a.dq != nil {
		ds.weigh(a.dq[t.query:], step, a.k[at:], keyStep, size, 0, first == 0)
	}
}

// shares makes ∂y/total of a tile, and the sums Σ ∂y·y/total, divided by √size.
func (a *attending) shares(b *backwards, t queries, dots []float32) {
	size, step := a.g.Size, a.g.Heads*a.g.Size
	copyApart(b.dy, a.dy[t.query:], t.rows, size, size, step)
	divideAll(b.dy, a.total[t.index:], t.rows, size)
	copyApart(b.y, a.y[t.query:], t.rows, size, size, step)
	if size <= laneBlock {
		addDots(dots, b.dy, b.y, t.rows, size)
	} else {
		for r := range dots {
			for from := 0; from < size; from += laneBlock {
				addDots(dots[r:], b.dy[r*size+from:], b.y[r*size+from:], 1, min(laneBlock, size-from))
			}
		}
	}
	root := Sqrt(float32(size))
	for r := range dots {
		dots[r] /= root
	}
}
