package kernel

// Attention is the geometry of attention: Heads heads of Size columns each for Queries positions that look at Keys positions,
// whose KeyHeads heads divide Heads: heads that follow each other share them. If Causal, of as many queries as keys, query i
// sees keys up to i. A mask has a row of Keys numbers for each query if MaskPerQuery, else one for all. It is built once.
//
// Tile is how many queries are taken at a time, at most 64: a sum over queries has a block for each tile, and where heads share
// keys those of the first head come first.
type Attention struct {
	Heads, KeyHeads      int
	Queries, Keys, Size  int
	Tile                 int
	Causal, MaskPerQuery bool
}

// Attend computes y = p·v, head by head, with p = softmax(q·kᵀ/√size) along the keys: q and y [n, queries, heads·size], k and
// v [n, keys, keyHeads·size]. Of mask [n, keys] or [n, queries, keys], or nil, what is 0 takes a key out; dropout [n, heads,
// queries, keys], or nil, multiplies p. A query that sees no key has y = 0.
//
// Unless they are nil, top and total [n, heads, queries] become the largest q·kᵀ/√size of each query and the sum of the
// exponentials of the differences from it; 0 and 1 for a query that sees no key.
func Attend(p *Pool, y, top, total, q, k, v, mask, dropout []float32, n int, g *Attention) {
	a := attending{g: g, y: y, top: top, total: total, q: q, k: k, v: v, mask: mask, dropout: dropout, height: g.Tile}
	if g.Keys > laneBlock {
		a.height = max(1, g.Tile*laneBlock/g.Keys) // the room stays small, the whole row stays in it
	}
	a.tiles = (g.Queries + a.height - 1) / a.height
	a.together = a.tiles
	if n*g.KeyHeads < enoughTiles {
		a.together = 1
	}
	a.parts = (a.tiles + a.together - 1) / a.together
	units := n * g.KeyHeads * a.parts
	if units > 1 && p.shared(2*n*g.Heads*g.Queries*g.Keys*g.Size) {
		p.run(job{tile: func(j *job, tile int) { j.attending.forward(tile) }, attending: a}, units)
		return
	}
	for unit := range units {
		a.forward(unit)
	}
}

// attending is what attention and its gradient work on.
type attending struct {
	g                      *Attention
	y, top, total          []float32
	q, k, v, mask, dropout []float32
	dy, dq, dk, dv         []float32
	height, tiles          int // of a tile of queries, and how many a head has
	together, parts        int // the tiles of a unit of the forward pass, and how many units there are of a head of keys
}

// forward computes some tiles of queries of all heads that share one head of keys.
func (a *attending) forward(unit int) {
	g := a.g
	u, from := a.unit(unit/a.parts), unit%a.parts*a.together
	to := min(from+a.together, a.tiles)
	seen := g.Keys
	if g.Causal {
		seen = min(seen, to*a.height)
	}
	seen = min(seen, a.visible(u))
	room := borrow()
	defer room.giveBack()
	floats := room.floats(wholePanels(seen)*(g.Size+1) + a.height*(g.Size+apart(seen)))
	turned := take(&floats, wholePanels(seen)*g.Size)
	hidden := take(&floats, wholePanels(seen))
	y := take(&floats, a.height*g.Size)
	a.turn(turned, a.k[u.key:], seen)
	hidden = a.hide(hidden, u, 0, seen)
	var tops, totals [mostTogether]float32
	for h := range g.Heads / g.KeyHeads {
		for tile := from; tile < to; tile++ {
			t := a.of(u, h, tile)
			s := a.scores(floats, t, 0, seen)
			top, total := tops[:t.rows], totals[:t.rows]
			s.multiply(a.q[t.query:], g.Heads*g.Size, turned, hidden, g.Size)
			a.mark(&s, u)
			s.maximise(top)
			clear(total)
			s.exponentials(total, top)
			for r, sum := range total {
				if sum == 0 {
					total[r] = 1
				}
			}
			if a.top != nil {
				copy(a.top[t.index:], top)
				copy(a.total[t.index:], total)
			}
			a.drop(&s, t)
			for from := 0; from < s.keys; from += block {
				s.weigh(y, g.Size, a.v[u.key+from*g.KeyHeads*g.Size:], g.KeyHeads*g.Size, g.Size, from, from == 0)
			}
			divideAll(y, total, t.rows, g.Size)
			copyApart(a.y[t.query:], y, t.rows, g.Size, g.Heads*g.Size, g.Size)
		}
	}
}

// unit is one head of keys of one row, and where its keys begin.
type unit struct{ row, keyHead, key int }

func (a *attending) unit(i int) unit {
	row, keyHead := i/a.g.KeyHeads, i%a.g.KeyHeads
	return unit{row, keyHead, row*a.g.Keys*a.g.KeyHeads*a.g.Size + keyHead*a.g.Size}
}

// queries is queries of one head: which they are, where the first begins in q, and which number it has among those of all heads.
type queries struct{ first, rows, query, index int }

// of returns a tile of the unit's head h, counted from its first one.
func (a *attending) of(u unit, h, tile int) queries {
	g, first := a.g, tile*a.height
	head := u.keyHead*(g.Heads/g.KeyHeads) + h
	return queries{
		first: first, rows: min(a.height, g.Queries-first),
		query: (u.row*g.Queries+first)*g.Heads*g.Size + head*g.Size,
		index: (u.row*g.Heads+head)*g.Queries + first,
	}
}

// visible returns how many keys there are up to the last one that the mask does not take out for all queries, in whole panels
// and at least one: those behind it are padding, which adds nothing.
func (a *attending) visible(u unit) int {
	keys := a.g.Keys
	if a.mask == nil || a.g.MaskPerQuery {
		return keys
	}
	mask, last := a.mask[u.row*keys:][:keys], keys
	for last > 1 && mask[last-1] == 0 {
		last--
	}
	return min(keys, wholePanels(last))
}

// hide fills what is added to scores: −∞ for a key that the mask takes out for all queries, else 0. It returns nil if there is
// no such mask.
func (a *attending) hide(hidden []float32, u unit, first, keys int) []float32 {
	if a.mask == nil || a.g.MaskPerQuery {
		return nil
	}
	infinite := -infinity()
	for j, m := range a.mask[u.row*a.g.Keys+first:][:keys] {
		hidden[j] = 0
		if m == 0 {
			hidden[j] = infinite
		}
	}
	return hidden
}

// mark makes the scores −∞ of keys that queries do not see, where that is not the same for all queries.
func (a *attending) mark(s *scores, u unit) {
	infinite := -infinity()
	for first := 0; first < s.rows; first += queryBand {
		end := min(first+queryBand, s.rows)
		seen := s.seen(end)
		for r := first; r < end; r++ {
			row := s.of[r*s.stride:][:seen]
			if own := s.seen(r + 1); own < seen {
				behind := row[own:]
				for j := range behind {
					behind[j] = infinite
				}
			}
			if a.g.MaskPerQuery {
				for j, m := range a.mask[(u.row*a.g.Queries+s.query+r)*a.g.Keys+s.first:][:seen] {
					if m == 0 {
						row[j] = infinite
					}
				}
			}
		}
	}
}

// turn copies keys or values, which begin a position apart, to panels of 16, turned, and divides them by √size.
func (a *attending) turn(to, from []float32, keys int) {
	size := a.g.Size
	for first := 0; first < keys; first += panel {
		transpose(to[first*size:], from[first*a.g.KeyHeads*size:], min(panel, keys-first), size, panel, a.g.KeyHeads*size)
	}
	var roots [mostTogether]float32
	root := Sqrt(float32(size))
	for r := range roots {
		roots[r] = root
	}
	panels := (keys + panel - 1) / panel
	each := max(1, min(mostTogether, elementsTogether/(panel*size)))
	for first := 0; first < panels; first += each {
		divideAll(to[first*panel*size:], roots[:], min(each, panels-first), panel*size)
	}
}

// divideAll divides each row by its number.
func divideAll(x, by []float32, rows, size int) {
	if size <= laneBlock {
		divide(x, by[:rows], rows, size)
		return
	}
	for r := range rows {
		for from := 0; from < size; from += laneBlock {
			divide(x[r*size+from:], by[r:], 1, min(laneBlock, size-from))
		}
	}
}

// copyApart copies rows of that size, which begin so far apart.
func copyApart(to, from []float32, rows, size, apartTo, apartFrom int) {
	for r := range rows {
		copy(to[r*apartTo:][:size], from[r*apartFrom:])
	}
}

// drop multiplies by dropout's mask, if there is one.
func (a *attending) drop(s *scores, t queries) {
	if a.dropout == nil {
		return
	}
	for r := range s.rows {
		if seen := s.seen(r + 1); seen > 0 {
			row := s.of[r*s.stride:]
			m := MapMul(row, row, a.dropout[(t.index+r)*a.g.Keys+s.first:], 1, seen)
			m.strip(0, 1, seen, seen)
		}
	}
}
