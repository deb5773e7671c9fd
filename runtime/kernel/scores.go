package kernel

// scores is a number for each of some queries and each of some keys: query and first are the first of each. Rows begin stride
// elements apart. If causal a query sees keys up to its own number, and queries are taken in bands: what a band's last query
// does not see is not computed.
type scores struct {
	of          []float32
	query, rows int
	first, keys int
	stride      int
	causal      bool
}

// queryBand is how many queries, or keys, are taken together where others see more keys, or are seen by more queries.
const queryBand = panel

// apart is how far rows of so many scores begin from each other: no power of 2, as in stridePacked.
func apart(keys int) int {
	if whole := wholePanels(keys) + panel; whole%(8*panel) > 0 {
		return whole
	}
	return wholePanels(keys) + 2*panel
}

// wholePanels is a number of columns with those that fill up the last panel.
func wholePanels(columns int) int { return (columns + panel - 1) / panel * panel }

// scores returns the scores of queries and keys, with anything in them.
func (a *attending) scores(of []float32, t queries, first, keys int) scores {
	return scores{of: of, query: t.first, rows: t.rows, first: first, keys: keys, stride: apart(keys), causal: a.g.Causal}
}

// seen returns how many of the keys the query before row r sees.
func (s *scores) seen(r int) int {
	if !s.causal {
		return s.keys
	}
	return max(0, min(s.keys, s.query+r-s.first))
}

// seeing returns the first row that sees a key.
func (s *scores) seeing(key int) int {
	if !s.causal {
		return 0
	}
	return max(0, min(s.rows, s.first+key-s.query))
}

// height returns how many rows, from row r on, are taken together.
func (s *scores) height(r int) int {
	if !s.causal {
		return s.rows
	}
	return min(queryBand, s.rows-r)
}

// multiply computes a·b, where rows of a [rows, size] begin rowA elements apart and b [size, keys] lies in panels of 16 keys, and
// adds bias [keys] if it is not nil.
func (s *scores) multiply(a []float32, rowA int, b, bias []float32, size int) {
	for from := 0; from < size; from += block {
		one := strip{terms: min(block, size-from), rowA: rowA, termA: 1, termB: panel, rowC: s.stride, first: from == 0}
		for key := 0; key < s.keys; key += panel {
			r := s.seeing(key)
			if r == s.rows {
				break
			}
			one.rows, one.columns = s.rows-r, min(panel, s.keys-key)
			var add []float32
			if bias != nil && from+one.terms == size {
				add = bias[key:]
			}
			one.run(s.of[r*s.stride+key:], a[r*rowA+from:], b[key*size+from*panel:], add)
		}
	}
}

// weigh computes c = s·b for a block of keys, the first of which is number from, or adds that to c: b has a row of size
// elements for each of those keys, c one for each query.
func (s *scores) weigh(c []float32, rowC int, b []float32, rowB, size, from int, fresh bool) {
	for r := 0; r < s.rows; r += s.height(r) {
		one := strip{rows: s.height(r), rowA: s.stride, termA: 1, termB: rowB, rowC: rowC, first: fresh}
		if one.terms = min(block, s.seen(r+one.rows)-from); one.terms <= 0 {
			continue
		}
		for column := 0; column < size; column += panel {
			one.columns = min(panel, size-column)
			one.run(c[r*rowC+column:], s.of[r*s.stride+from:], b[column:], nil)
		}
	}
}

// gather adds sᵀ·b to c: b has a row of size elements for each query, c one for each key. If fresh, c becomes it where no
// query before these sees the key.
func (s *scores) gather(c []float32, rowC int, b []float32, rowB, size int, fresh bool) {
	for key, count := 0, 0; key < s.keys; key += count {
		count = s.keys - key
		if s.causal && s.first+key < s.query {
			count = min(count, s.query-s.first-key)
		} else if s.causal {
			count = min(count, queryBand)
		}
		r := s.seeing(key)
		if r == s.rows {
			return
		}
		one := strip{rows: count, terms: s.rows - r, rowA: 1, termA: s.stride, termB: rowB, rowC: rowC}
		one.first = fresh && (s.query == 0 || s.causal && s.first+key >= s.query)
		for column := 0; column < size; column += panel {
			one.columns = min(panel, size-column)
			one.run(c[key*rowC+column:], s.of[r*s.stride+key:], b[r*rowB+column:], nil)
		}
	}
}

// maximise makes top the largest score of each row, 0 where all are −∞.
func (s *scores) maximise(top []float32) {
	for r := range top {
		top[r] = -infinity()
	}
	for r := 0; r < s.rows; r += s.height(r) {
		rows, seen := s.height(r), s.seen(r+s.height(r))
		for from := 0; from < seen; from += laneBlock {
			maximiseApart(top[r:], s.of[r*s.stride+from:], rows, min(laneBlock, seen-from), s.stride)
		}
	}
	for r, t := range top {
		if top[r] = t + 0; t == -infinity() { // + 0: of zeros either may be found
			top[r] = 0
		}
	}
}

// exponentials makes eˢ⁻ᵗᵒᵖ of the scores, and adds their sum to total.
func (s *scores) exponentials(total, top []float32) {
	for r := 0; r < s.rows; r += s.height(r) {
		rows, seen := s.height(r), s.seen(r+s.height(r))
		for from := 0; from < seen; from += laneBlock {
			exponentiateApart(total[r:], s.of[r*s.stride+from:], top[r:], rows, min(laneBlock, seen-from), s.stride)
		}
	}
}

// excess makes p·(s − dots) of the scores.
func (s *scores) excess(p *scores, dots []float32) {
	for r := 0; r < s.rows; r += s.height(r) {
		if seen := s.seen(r + s.height(r)); seen > 0 {
			multiplyExcessApart(s.of[r*s.stride:], p.of[r*s.stride:], dots[r:], s.height(r), seen, s.stride)
		}
	}
}

// The next do what maximise, addExponentials and multiplyExcess do, in place, for rows that begin stride elements apart, but that
// exponentials below 2⁻¹²⁵ are 0.

func maximiseApart(top, x []float32, rows, columns, stride int) {
	if rowMaximaApart(top, x, rows, columns, stride) {
		return
	}
	for r := range rows {
		maximise(top[r:], x[r*stride:], 1, columns)
	}
}

func exponentiateApart(total, x, top []float32, rows, columns, stride int) {
	if rowExponentialsApart(total, x, top, rows, columns, stride) {
		return
	}
	for r := range rows {
		var lanes Lanes
		row := x[r*stride:][:columns]
		for i, v := range row {
			row[i] = ExpShare1(v - top[r])
			lanes[i&15] += row[i]
		}
		total[r] += lanes.Sum()
	}
}

func multiplyExcessApart(dx, y, total []float32, rows, columns, stride int) {
	if softmaxGradRowsApart(dx, y, total, rows, columns, stride) {
		return
	}
	for r := range rows {
		multiplyExcess(dx[r*stride:], y[r*stride:], dx[r*stride:], total[r:], 1, columns)
	}
}
