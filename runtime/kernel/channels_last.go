package kernel

// turning is what a kernel works on that turns matrices: n of columns in rows of terms elements become n of terms in rows of
// columns.
type turning struct {
	y, x           []float32
	columns, terms int
	each           int // terms of a tile, of which a matrix has so many
	tiles          int
}

// ChannelsLast brings the channels of x [n, channels, positions] behind the positions: y [n, positions, channels].
func ChannelsLast(p *Pool, y, x []float32, n, channels, positions int) {
	t := turning{y: y, x: x, columns: channels, terms: positions}
	t.run(p, n)
}

// ChannelsFirst brings the channels of x [n, positions, channels] before the positions: y [n, channels, positions]. It is
// the inverse of ChannelsLast.
func ChannelsFirst(p *Pool, y, x []float32, n, channels, positions int) {
	t := turning{y: y, x: x, columns: positions, terms: channels}
	t.run(p, n)
}

// run turns n matrices. A matrix of one row or of one column lies alike both ways.
func (t *turning) run(p *Pool, n int) {
	size := n * t.columns * t.terms
	if size == 0 {
		return
	}
	if t.columns == 1 || t.terms == 1 {
		copy(t.y[:size], t.x[:size])
		return
	}
	t.each = max(elementsTogether/t.columns, 8) / 8 * 8
	t.tiles = (t.terms + t.each - 1) / t.each
	if tiles := n * t.tiles; tiles > 1 && p.shares(size) {
		p.run(job{tile: func(j *job, tile int) { j.turning.tile(tile) }, turning: *t}, tiles)
		return
	}
	for tile := range n * t.tiles {
		t.tile(tile)
	}
}

// tile turns some terms of a matrix.
func (t *turning) tile(tile int) {
	from := tile / t.tiles * t.columns * t.terms
	first := tile % t.tiles * t.each
	terms := min(t.each, t.terms-first)
	y, x := t.y[from:][:t.columns*t.terms], t.x[from:][:t.columns*t.terms]
	transpose(y[first*t.columns:], x[first:], t.columns, terms, t.columns, t.terms)
}
