package kernel

// Strided is the geometry of a linear layer whose rows do not follow each other, as those of one step of a sequence do not:
// x and ∂x have rows of In, y and ∂y rows of Out elements, which begin RowX and RowY elements apart. Step t of
// x [n, T, in] is x[t·in:] with RowX = T·in. It is built once.
//
// Where the weight's gradient is a sum over positions, those begin RowX and RowY apart, and the first ones of two rows of the
// batch BatchX and BatchY.
type Strided struct {
	In, Out        int
	RowX, RowY     int
	BatchX, BatchY int
	Add            bool // to what the result holds, which then counts as the first block, instead of replacing it
}

// LinearStrided computes y = x·Wᵀ + b, or y + x·Wᵀ + b where g says Add: x [n, in], w [out, in] in panels, b [out] or nil,
// y [n, out]. A recurrent layer so adds h·Wᵀ to the inputs of a step, projected before.
func LinearStrided(p *Pool, y, x, w, b, scratch []float32, n int, g *Strided) {
	LinearStridedThen(p, y, x, w, b, scratch, n, g)
}

// LinearStridedThen computes what LinearStrided does, followed by up to four maps, whose arrays lie as y does. They may
// read and write y.
func LinearStridedThen(p *Pool, y, x, w, b, scratch []float32, n int, g *Strided, maps ...Map) {
	m := multiplication{c: y, a: x, b: w, bias: b, rows: n, columns: g.Out, terms: g.In, rowC: g.RowY, rowA: g.RowX,
		positions: 1, panelsB: true, adds: g.Add}
	m.run(p, maps)
}

// LinearStridedGradInput computes ∂x = ∂y·W, or ∂x + ∂y·W where g says Add: dy [n, out], w [out, in] in panels, dx [n, in].
func LinearStridedGradInput(p *Pool, dx, dy, w, scratch []float32, n int, g *Strided) {
	LinearStridedGradInputThen(p, dx, dy, w, scratch, n, g)
}

// LinearStridedGradInputThen computes what LinearStridedGradInput does, followed by up to four maps, whose arrays lie as
// dx does. They may read and write dx.
func LinearStridedGradInputThen(p *Pool, dx, dy, w, scratch []float32, n int, g *Strided, maps ...Map) {
	m := multiplication{c: dx, a: dy, b: w, rows: n, columns: g.In, terms: g.Out, rowC: g.RowX, rowA: g.RowY,
		positions: 1, turnedB: true, panelsB: true, adds: g.Add}
	m.run(p, maps)
}

// LinearStridedGradWeight computes ∂W = Σ ∂yᵀ·x, or ∂W + Σ ∂yᵀ·x where g says Add, over n rows of a batch and that many
// positions of each: x [n, positions, in], dy [n, positions, out], dw [out, in] in panels. A recurrent layer so has one
// product for all steps, of the gates' gradients from step 1 on and the states up to the last step but one.
func LinearStridedGradWeight(p *Pool, dw, x, dy, scratch []float32, n, positions int, g *Strided) {
	m := multiplication{c: dw, a: x, b: dy, rows: g.In, columns: g.Out, terms: n * positions, rowA: g.RowX, rowB: g.RowY,
		positions: positions, batchA: g.BatchX, batchB: g.BatchY, turnedA: true, panelsC: true, adds: g.Add}
	if positions == 1 {
		m.rowA, m.rowB, m.batchA, m.batchB = g.BatchX, g.BatchY, 0, 0
	} else if g.BatchX == positions*g.RowX && g.BatchY == positions*g.RowY {
		m.batchA, m.batchB = 0, 0
	}
	m.run(p, nil)
}
