package kernel

// What follows computes with a channel whose elements in each row are a plane: columns elements side by side, rows
// of which begin stride elements apart. The terms of a channel's sums are its elements, plane by plane, so that planes begin in
// any lane and blocks end in the midst of planes.

// ring is the Lanes of a sum whose terms come in pieces: the first is that of the next term.
type ring Lanes

// turn makes the lane so many terms further on the first.
func (l *ring) turn(by int) {
	before := *l
	for i := range l {
		l[i] = before[(i+by)&15]
	}
}

// join returns the sum of the lanes, so many terms having been added to them, and begins anew.
func (l *ring) join(terms int) float32 {
	l.turn(-terms)
	lanes := Lanes(*l)
	*l = ring{}
	return lanes.Sum()
}

// piece is a part of a channel: rows of columns, the first of which is element number at of the array. Without a row, there is
// none.
type piece struct{ at, rows, columns int }

// terms returns the number of elements.
func (p piece) terms() int { return p.rows * p.columns }

// piece returns what follows after so many elements of the group's only channel and lies in one block: a plane, or what is
// left of it, or several.
func (g *group) piece(after int) piece {
	row, column := after/g.inner, after%g.inner
	room := min(laneBlock-after%laneBlock, g.elements()-after)
	p := piece{at: (row*g.channels+g.first)*g.inner + column, rows: min(room, 1), columns: min(g.inner-column, room)}
	if column == 0 && room >= g.inner {
		p.rows = room / g.inner
	}
	return p
}

// ends tells whether a block ends after so many elements.
func (g *group) ends(after int) bool { return after%laneBlock == 0 || after == g.elements() }

// planeSum returns Σ x of the group's only channel.
func (g *group) planeSum(x []float32) (total float32) {
	var sum ring
	for p, after := g.piece(0), 0; p.rows > 0; p = g.piece(after) {
		sum.add(x[p.at:], p.rows, p.columns, g.stride())
		if after += p.terms(); g.ends(after) {
			total += sum.join(after)
		}
	}
	return total
}

// planeSquares returns Σ (x − mean)².
func (g *group) planeSquares(x []float32, mean float32) (total float32) {
	var sum ring
	for p, after := g.piece(0), 0; p.rows > 0; p = g.piece(after) {
		sum.addSquares(x[p.at:], mean, p.rows, p.columns, g.stride())
		if after += p.terms(); g.ends(after) {
			total += sum.join(after)
		}
	}
	return total
}

// planeGradSums returns Σ ∂y and Σ ∂y·(x − mean)·rstd.
func (g *group) planeGradSums(dy, x []float32, mean, rstd float32) (total, product float32) {
	var sum, products ring
	for p, after := g.piece(0), 0; p.rows > 0; p = g.piece(after) {
		addGradSums(&sum, &products, dy[p.at:], x[p.at:], mean, rstd, p.rows, p.columns, g.stride())
		if after += p.terms(); g.ends(after) {
			total += sum.join(after)
			product += products.join(after)
		}
	}
	return total, product
}

// normalisePlanes computes y = (x − mean)·scale + shift.
func (g *group) normalisePlanes(y, x []float32, mean, scale, shift float32) {
	for p, after := g.piece(0), 0; p.rows > 0; p = g.piece(after) {
		after += p.terms()
		y, x := y[p.at:], x[p.at:]
		if normalisePlanes(y, x, mean, scale, shift, p.rows, p.columns, g.stride()) {
			continue
		}
		for r := range p.rows {
			y := y[r*g.stride():][:p.columns]
			for i, v := range x[r*g.stride():][:p.columns] {
				y[i] = float32((v-mean)*scale) + shift
			}
		}
	}
}

// normalisePlanesGrad computes ∂x = scale·(∂y − d − (x − mean)·rstd·e).
func (g *group) normalisePlanesGrad(dx, dy, x []float32, mean, rstd, scale, d, e float32) {
	for p, after := g.piece(0), 0; p.rows > 0; p = g.piece(after) {
		after += p.terms()
		dx, dy, x := dx[p.at:], dy[p.at:], x[p.at:]
		if normalisePlanesGrad(dx, dy, x, mean, rstd, scale, d, e, p.rows, p.columns, g.stride()) {
			continue
		}
		for r := range p.rows {
			dx, x := dx[r*g.stride():][:p.columns], x[r*g.stride():][:p.columns]
			for i, v := range dy[r*g.stride():][:p.columns] {
				dx[i] = scale * (v - d - float32(float32((x[i]-mean)*rstd)*e))
			}
		}
	}
}

// add adds Σ x of a piece.
func (l *ring) add(x []float32, rows, columns, stride int) {
	if planeSums(l, x, rows, columns, stride) {
		return
	}
	for r := range rows {
		for i, v := range x[r*stride:][:columns] {
			l[i&15] += v
		}
		l.turn(columns)
	}
}

// addSquares adds Σ (x − mean)².
func (l *ring) addSquares(x []float32, mean float32, rows, columns, stride int) {
	if planeSquares(l, x, mean, rows, columns, stride) {
		return
	}
	for r := range rows {
		for i, v := range x[r*stride:][:columns] {
			d := v - mean
			l[i&15] += float32(d * d)
		}
		l.turn(columns)
	}
}

// addGradSums adds Σ ∂y and Σ ∂y·(x − mean)·rstd.
func addGradSums(sum, product *ring, dy, x []float32, mean, rstd float32, rows, columns, stride int) {
	if planeGradSums(sum, product, dy, x, mean, rstd, rows, columns, stride) {
		return
	}
	for r := range rows {
		x := x[r*stride:][:columns]
		for i, d := range dy[r*stride:][:columns] {
			sum[i&15] += d
			product[i&15] += float32(d * float32((x[i]-mean)*rstd))
		}
		sum.turn(columns)
		product.turn(columns)
	}
}
