package kernel

// lookup is what an embedding works on: rows of dim elements, of table [v, dim] and of rows [n, dim], which belong to the
// table's row ids[i].
type lookup struct {
	table, rows []float32
	ids         []int32
	dim         int
}

// Embedding copies the row ids[i] of w [v, dim] to row i of y [n, dim].
func Embedding(p *Pool, y, w []float32, ids []int32, n, dim int) {
	l := lookup{table: w, rows: y, ids: ids[:n], dim: dim}
	if p.shares(n * dim) {
		each := rowsOfLookup(dim)
		p.run(job{tile: func(j *job, tile int) {
			each := rowsOfLookup(j.lookup.dim)
			j.lookup.gather(tile*each, min(tile*each+each, len(j.lookup.ids)))
		}, lookup: l}, (n+each-1)/each)
		return
	}
	l.gather(0, n)
}

// rowsOfLookup returns the number of rows of a tile.
func rowsOfLookup(dim int) int { return max(elementsTogether/max(dim, 1), 1) }

// gather copies the rows from one to another.
func (l *lookup) gather(from, to int) {
	for i, id := range l.ids[from:to] {
		copy(l.rows[(from+i)*l.dim:][:l.dim], l.table[int(id)*l.dim:])
	}
}

// EmbeddingGrad computes ∂W: row id of dw [v, dim] is the sum, upwards, of those rows i of dy [n, dim] whose ids[i]
// is id.
func EmbeddingGrad(p *Pool, dw, dy []float32, ids []int32, n, v, dim int) {
	l := lookup{table: dw[:v*dim], rows: dy[:n*dim], ids: ids[:n], dim: dim}
	if dim == 0 {
		return
	}
	for _, id := range l.ids {
		_ = l.table[int(id)*dim+dim-1] // before assembly writes there
	}
	p.zero(l.table)
	if tiles := (dim + mostShared - 1) / mostShared; tiles > 1 && p.shares(n*dim) {
		p.run(job{tile: func(j *job, tile int) {
			j.lookup.scatter(tile*mostShared, min(tile*mostShared+mostShared, j.lookup.dim))
		}, lookup: l}, tiles)
		return
	}
	l.scatter(0, dim)
}

// zero fills x with zeros.
func (p *Pool) zero(x []float32) {
	const each = 8 * elementsTogether
	if p == nil || len(x) < 2*each {
		clear(x)
		return
	}
	p.run(job{tile: func(j *job, tile int) {
		x := j.lookup.table[tile*each:]
		clear(x[:min(len(x), each)])
	}, lookup: lookup{table: x}}, (len(x)+each-1)/each)
}

// scatter adds the columns from one to another of each row, the first row first.
func (l *lookup) scatter(from, to int) {
	if l.scatterAll(from, to-from) {
		return
	}
	for i, id := range l.ids {
		x := l.rows[i*l.dim+from : i*l.dim+to]
		sum := l.table[int(id)*l.dim+from:][:len(x)]
		for k, v := range x {
			sum[k] += v
		}
	}
}
