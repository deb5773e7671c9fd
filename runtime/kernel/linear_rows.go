package kernel

// The same products for weights in row-major order, such as one that an embedding reads too.

// LinearRows computes y = x·Wᵀ + b: x [n, in], w [out, in], b [out] or nil, y [n, out].
func LinearRows(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	LinearRowsThen(p, y, x, w, b, scratch, n, in, out)
}

// LinearRowsThen computes what LinearRows does, followed by maps as in LinearThen.
func LinearRowsThen(p *Pool, y, x, w, b, scratch []float32, n, in, out int, maps ...Map) {
	chunks, tiles := strips(n, out)
	j := job{tile: linearRowsTile, y: y, x: x, w: w, b: b, n: n, in: in, out: out, chunks: chunks}
	j.follow(maps)
	if p.shared(n * in * out) {
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		linearRowsTile(&j, tile)
	}
}

func linearRowsTile(j *job, tile int) {
	column, width, row, height := j.cut(tile, j.n, j.out)
	y, x := j.y[row*j.out+column:], j.x[row*j.in:]
	if j.in == 0 {
		for r := range height {
			clear(y[r*j.out:][:width])
		}
	}
	var columns packed
	for from := 0; from < j.in; from += block {
		terms := min(block, j.in-from)
		columns.pack(j.w[column*j.in+from:], 0, terms, width, j.in)
		strip{
			rows: height, columns: width, terms: terms,
			rowA: j.in, termA: 1, termB: panel, rowC: j.out, first: from == 0,
		}.run(y, x[from:], columns[:])
	}
	if j.b != nil {
		addBias(y, j.b[column:], height, width, j.out)
	}
	j.then(row*j.out+column, height, width, j.out)
}

// LinearGradInputRows computes ∂x = ∂y·W: dy [n, out], w [out, in], dx [n, in].
func LinearGradInputRows(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	LinearGradInputRowsThen(p, dx, dy, w, scratch, n, in, out)
}

// LinearGradInputRowsThen computes what LinearGradInputRows does, followed by maps as in LinearGradInputThen.
func LinearGradInputRowsThen(p *Pool, dx, dy, w, scratch []float32, n, in, out int, maps ...Map) {
	chunks, tiles := strips(n, in)
	j := job{tile: linearGradInputRowsTile, y: dx, x: dy, w: w, n: n, in: in, out: out, chunks: chunks}
	j.follow(maps)
	if p.shared(n * in * out) {
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		linearGradInputRowsTile(&j, tile)
	}
}

func linearGradInputRowsTile(j *job, tile int) {
	k, columns, row, height := j.cut(tile, j.n, j.in)
	for from := 0; from < j.out; from += block {
		strip{
			rows: height, columns: columns, terms: min(block, j.out-from),
			rowA: j.out, termA: 1, termB: j.in, rowC: j.in, first: from == 0,
		}.run(j.y[row*j.in+k:], j.x[row*j.out+from:], j.w[from*j.in+k:])
	}
	j.then(row*j.in+k, height, columns, j.in)
}

// LinearGradWeightRows computes ∂W = Σ ∂yᵀ·x over n rows of that many positions: x [n·positions, in],
// dy [n·positions, out], dw [out, in].
func LinearGradWeightRows(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int) {
	chunks, tiles := strips(out, in)
	j := job{tile: linearGradWeightRowsTile, y: dw, x: x, w: dy, n: n, positions: positions, in: in, out: out, chunks: chunks}
	if p.shared(n * positions * in * out) {
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		linearGradWeightRowsTile(&j, tile)
	}
}

func linearGradWeightRowsTile(j *job, tile int) {
	k, columns, row, height := j.cut(tile, j.out, j.in)
	terms := j.n * j.positions
	for from, to := 0, 0; from < terms; from = to {
		to = blockEnd(from, terms, j.positions)
		strip{
			rows: height, columns: columns, terms: to - from,
			rowA: 1, termA: j.out, termB: j.in, rowC: j.in, first: from == 0,
		}.run(j.y[row*j.in+k:], j.w[from*j.out+row:], j.x[from*j.in+k:])
	}
}
