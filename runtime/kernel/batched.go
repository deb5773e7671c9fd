package kernel

// Batched is the geometry of products of many small matrices, as attention has them: for each row of a batch and each of
// Heads C = A·B, A·Bᵀ or Aᵀ·B, where C is [Rows, Columns] and each of its elements a sum of Terms products. It is built once.
//
// Terms run upwards, in blocks of 256, as in every product: see the package comment.
type Batched struct {
	Heads                int
	Rows, Columns, Terms int
	A, B, C              Matrices
	Add                  bool // to what C holds, which then counts as the first block, instead of replacing it
}

// Matrices says where the matrices of an operand lie: that of head h in row r of the batch begins with element
// r·Batch + h/Share·Head of the array, and its rows, as they lie, begin Row elements apart. Within a row elements lie side
// by side. Queries [n, T, heads·d], for example, are Matrices{Batch: T·heads·d, Head: d, Row: heads·d}.
//
// Share, if not 0, is how many heads share a matrix: it divides Heads. Where heads share a matrix of C it is the sum of
// their products, added from the first head upwards as blocks are.
type Matrices struct{ Batch, Head, Row, Share int }

// at returns where the matrix of a head begins.
func (m *Matrices) at(row, head int) int { return row*m.Batch + head/max(1, m.Share)*m.Head }

// MatMul computes C = A·B for n rows of a batch: matrices A [rows, terms], B [terms, columns].
func MatMul(p *Pool, c, a, b []float32, n int, g *Batched) { MatMulThen(p, c, a, b, n, g) }

// MatMulThen computes what MatMul does, followed by up to four maps, whose arrays lie as C does. They may read and write
// c, each element of which has its sum by then.
func MatMulThen(p *Pool, c, a, b []float32, n int, g *Batched, maps ...Map) {
	g.run(p, multiplication{c: c, a: a, b: b}, n, maps)
}

// MatMulTurned computes C = A·Bᵀ for n rows of a batch: matrices A [rows, terms], B [columns, terms].
func MatMulTurned(p *Pool, c, a, b []float32, n int, g *Batched) { MatMulTurnedThen(p, c, a, b, n, g) }

// MatMulTurnedThen computes what MatMulTurned does, followed by maps as in MatMulThen.
func MatMulTurnedThen(p *Pool, c, a, b []float32, n int, g *Batched, maps ...Map) {
	g.run(p, multiplication{c: c, a: a, b: b, turnedB: true}, n, maps)
}

// TurnedMatMul computes C = Aᵀ·B for n rows of a batch: matrices A [terms, rows], B [terms, columns].
func TurnedMatMul(p *Pool, c, a, b []float32, n int, g *Batched) { TurnedMatMulThen(p, c, a, b, n, g) }

// TurnedMatMulThen computes what TurnedMatMul does, followed by maps as in MatMulThen.
func TurnedMatMulThen(p *Pool, c, a, b []float32, n int, g *Batched, maps ...Map) {
	g.run(p, multiplication{c: c, a: a, b: b, turnedA: true}, n, maps)
}

// batch is how a job's tiles share batched products out. A unit is the products of one matrix of C.
type batch struct {
	a, b, c  Matrices
	perRow   int // units of a row of the batch
	share    int // products of a unit
	units    int
	tiles    int // of a product
	together int // units that a tile of the job has, where products are no larger than one of their own
}

// run computes the products of which m says how the operands lie.
func (g *Batched) run(p *Pool, m multiplication, n int, maps []Map) {
	m.rows, m.columns, m.terms, m.positions = g.Rows, g.Columns, g.Terms, 1
	m.rowA, m.rowB, m.rowC, m.adds = g.A.Row, g.B.Row, g.C.Row, g.Add
	b := batch{a: g.A, b: g.B, c: g.C, share: max(1, g.C.Share), together: 1}
	if m.straighten() {
		b.a, b.b = b.b, b.a
	}
	b.perRow = g.Heads / b.share
	b.units, b.tiles = n*b.perRow, m.tiles(p != nil)
	multiplyAdds := m.rows * m.columns * m.terms * b.share
	if b.tiles == 1 {
		b.together = max(1, worthATile/max(1, multiplyAdds))
	}
	tiles := (b.units + b.together - 1) / b.together * b.tiles
	if tiles > 1 && p.shared(multiplyAdds*b.units) {
		j := job{tile: batchedTile, product: m, batch: b}
		j.follow(maps)
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		b.tile(&m, tile, maps)
	}
}

func batchedTile(j *job, tile int) { j.batch.tile(&j.product, tile, j.maps[:j.followed]) }

// tile computes a tile of one unit, or some units that have one tile each.
func (b *batch) tile(m *multiplication, tile int, maps []Map) {
	var room *workspace
	if m.cut.packed() {
		room = borrow()
		defer room.giveBack()
	}
	first, at := tile/b.tiles*b.together, m.part(tile%b.tiles)
	for unit := first; unit < min(first+b.together, b.units); unit++ {
		row, head := unit/b.perRow, unit%b.perRow*b.share
		one := *m
		one.from = b.c.at(row, head)
		one.c = m.c[one.from:]
		for k := range b.share {
			if m.terms > 0 { // else there may be no A and no B
				one.a, one.b = m.a[b.a.at(row, head+k):], m.b[b.b.at(row, head+k):]
			}
			if k == b.share-1 {
				one.compute(at, room, maps)
			} else {
				one.compute(at, room, nil)
			}
			one.adds = true
		}
	}
}
