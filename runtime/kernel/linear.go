package kernel

// Linear computes y = x·Wᵀ + b: x [n, in], w [out, in] in panels, b [out] or nil, y [n, out].
func Linear(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	LinearThen(p, y, x, w, b, scratch, n, in, out)
}

// LinearThen computes what Linear does, followed by up to four maps over n·out elements, which may read and write y.
func LinearThen(p *Pool, y, x, w, b, scratch []float32, n, in, out int, maps ...Map) {
	chunks, tiles := strips(n, out)
	j := job{tile: linearTile, y: y, x: x, w: w, b: b, n: n, in: in, out: out, chunks: chunks}
	j.follow(maps)
	if p.shared(n * in * out) {
		p.run(j, tiles)
		return
	}
	tile := 0
	if n == 1 {
		tile = oneRow(y, x, w, in, out)
		if b != nil {
			addBias(y, b, 1, tile*panel, out)
		}
		if tile > 0 {
			j.then(0, 1, tile*panel, out)
		}
	}
	for ; tile < tiles; tile++ {
		linearTile(&j, tile)
	}
}

func linearTile(j *job, tile int) {
	column, width, row, height := j.cut(tile, j.n, j.out)
	y, x := j.y[row*j.out+column:], j.x[row*j.in:]
	if j.in == 0 {
		for r := range height {
			clear(y[r*j.out:][:width])
		}
	}
	for from := 0; from < j.in; from += block {
		strip{
			rows: height, columns: width, terms: min(block, j.in-from),
			rowA: j.in, termA: 1, termB: width, rowC: j.out, first: from == 0,
		}.run(y, x[from:], j.w[column*j.in+from*width:])
	}
	if j.b != nil {
		addBias(y, j.b[column:], height, width, j.out)
	}
	j.then(row*j.out+column, height, width, j.out)
}

// LinearGradInput computes ∂x = ∂y·W: dy [n, out], w [out, in] in panels, dx [n, in].
func LinearGradInput(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	LinearGradInputThen(p, dx, dy, w, scratch, n, in, out)
}

// LinearGradInputThen computes what LinearGradInput does, followed by up to four maps over n·in elements, which may
// read and write dx.
func LinearGradInputThen(p *Pool, dx, dy, w, scratch []float32, n, in, out int, maps ...Map) {
	chunks, tiles := strips(n, in)
	j := job{tile: linearGradInputTile, y: dx, x: dy, w: w, n: n, in: in, out: out, chunks: chunks}
	j.follow(maps)
	if p.shared(n * in * out) {
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		linearGradInputTile(&j, tile)
	}
}

func linearGradInputTile(j *job, tile int) {
	k, columns, row, height := j.cut(tile, j.n, j.in)
	var b packed
	for from := 0; from < j.out; from += block {
		terms := min(block, j.out-from)
		for t := 0; t < terms; t += panel {
			width := min(panel, terms-t)
			b.pack(j.w[(from+t)*j.in+k*width:], t, width, columns, width)
		}
		strip{
			rows: height, columns: columns, terms: terms,
			rowA: j.out, termA: 1, termB: panel, rowC: j.in, first: from == 0,
		}.run(j.y[row*j.in+k:], j.x[row*j.out+from:], b[:])
	}
	j.then(row*j.in+k, height, columns, j.in)
}

// LinearGradWeight computes ∂W = Σ ∂yᵀ·x over n rows of that many positions: x [n·positions, in],
// dy [n·positions, out], dw [out, in] in panels.
func LinearGradWeight(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int) {
	chunks, tiles := strips(in, out)
	j := job{tile: linearGradWeightTile, y: dw, x: x, w: dy, n: n, positions: positions, in: in, out: out, chunks: chunks}
	if p.shared(n * positions * in * out) {
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		linearGradWeightTile(&j, tile)
	}
}

func linearGradWeightTile(j *job, tile int) {
	column, width, k, height := j.cut(tile, j.in, j.out)
	terms := j.n * j.positions
	for from, to := 0, 0; from < terms; from = to {
		to = blockEnd(from, terms, j.positions)
		strip{
			rows: height, columns: width, terms: to - from,
			rowA: 1, termA: j.in, termB: j.out, rowC: width, first: from == 0,
		}.run(j.y[column*j.in+k*width:], j.x[from*j.in+k:], j.w[from*j.out+column:])
	}
}

// LinearGradBias computes ∂b = Σ ∂y over n rows of that many positions: dy [n·positions, out], db [out].
func LinearGradBias(p *Pool, db, dy []float32, n, positions, out int) {
	columnSums(db, dy, n*positions, positions, out, out)
}
