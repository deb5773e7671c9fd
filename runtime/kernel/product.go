package kernel

// block is the number of terms that one accumulator of a product takes before its sum is joined to the others.
const block = 256

// panel is the number of outputs that lie side by side in a weight in panels.
const panel = 16

// halfPanel is how many columns fit in a register of 256 bits. A processor does two operations at a time on these, and on
// those of 512 bits may do one.
const halfPanel = 8

// blockEnd returns where the block that begins at term from ends. Terms are (row, position), with that many
// positions a row: a block is as many whole rows as have up to 256 of them, or else 256 positions of one row.
func blockEnd(from, terms, positions int) int {
	if positions == 1 {
		return min(from+block, terms) // without a division
	}
	if positions <= block {
		return min(from+block/positions*positions, terms)
	}
	return min(from+block, from-from%positions+positions)
}

// multiplication is C = A·B + bias: A [rows, terms], B [terms, columns], C [rows, columns], bias [columns] or nil. What is
// turned lies the other way round, A as [terms, rows] and B as [columns, terms]; what lies in panels is a weight: see
// ToPanels. Else rows, as they lie, begin rowA, rowB and rowC elements apart; 0 means that they follow each other.
//
// Terms that are positions may lie with gaps between the rows of the batch that they belong to: the first positions of two
// rows then begin batchA elements apart in A, which is turned, and batchB in B, which is not.
type multiplication struct {
	c, a, b, bias        []float32
	rows, columns, terms int
	rowA, rowB, rowC     int
	positions            int // of a term: see blockEnd
	batchA, batchB       int // or both 0
	turnedA, turnedB     bool
	panelsB, panelsC     bool
	adds                 bool      // to what C holds, which counts as the first block
	shift                []float32 // one number to add to all elements, or nil
	from                 int       // which element of the maps' arrays C begins with
	cut                  cut
}

// run computes the product, and for each part of the result that is complete the maps that follow.
func (m *multiplication) run(p *Pool, maps []Map) {
	m.straighten()
	if m.mapsWait(maps) {
		m.run(p, nil)
		Chain(p, m.rows, m.columns, maps...)
		return
	}
	if m.turnsPanels() {
		room := borrow()
		defer room.giveBack()
		m.turnPanels(p, room.floats(m.terms*m.columns))
	}
	tiles := m.tiles(p != nil)
	if tiles > 1 && p.shared(m.rows*m.columns*m.terms) {
		j := job{tile: productTile, product: *m}
		j.follow(maps)
		p.run(j, tiles)
		return
	}
	for tile := range tiles {
		m.tile(tile, maps)
	}
}

// longRows is the number of columns from which on the maps that follow a product wait until all of it is complete: in a strip of
// few columns of such rows each row lies in another page, and what else a map reads there comes one by one from far away.
const longRows = 256

// mapsWait tells whether maps wait for the whole product.
func (m *multiplication) mapsWait(maps []Map) bool {
	if len(maps) == 0 || m.columns < longRows || m.rows <= lowRows || m.rowC != m.columns || m.panelsC {
		return false
	}
	for i := range maps {
		if maps[i].factors != nil { // it goes by columns
			return false
		}
	}
	return true
}

func productTile(j *job, tile int) { j.product.tile(tile, j.maps[:j.followed]) }

// straighten says how far apart rows begin, and makes of a product whose columns or terms are single ones another with
// the same elements that is easier to compute: a matrix of one row or column lies in the same way turned or not, in
// panels or not. It reports whether A and B have changed places.
func (m *multiplication) straighten() (swapped bool) {
	m.rowA = distance(m.rowA, m.turnedA, m.rows, m.terms)
	m.rowB = distance(m.rowB, m.turnedB, m.terms, m.columns)
	m.rowC = distance(m.rowC, false, m.rows, m.columns)
	if m.columns == 1 && m.rows > 1 && (m.rowC == 1 || m.panelsC) && (m.rowB == 1 || m.turnedB || m.panelsB) && !m.gaps() {
		m.a, m.b, m.rowA, m.rowB = m.b, m.a, m.terms, m.rowA
		m.rows, m.columns = 1, m.rows
		m.turnedA, m.turnedB = false, !m.turnedA
		m.panelsB, m.panelsC = false, false
		m.bias, m.shift, m.rowC = nil, m.bias, m.columns
		swapped = true
	}
	if m.terms == 1 && (m.rowB == 1 || m.panelsB || !m.turnedB) {
		m.turnedB, m.panelsB, m.rowB = false, false, m.columns
	}
	return swapped
}

// distance returns how far apart the rows of a matrix begin as they lie.
func distance(given int, turned bool, rows, columns int) int {
	switch {
	case given != 0:
		return given
	case turned:
		return rows
	}
	return columns
}

// gaps tells whether the terms lie in rows of a batch, with gaps between them.
func (m *multiplication) gaps() bool { return m.batchA != 0 || m.batchB != 0 }

// together returns how many terms from one on, up to another, lie without a gap.
func (m *multiplication) together(from, to int) int {
	if !m.gaps() {
		return to - from
	}
	return min(to, from-from%m.positions+m.positions) - from
}

// termAt returns where a term begins whose rows begin row elements apart, and those of the batch batch elements.
func (m *multiplication) termAt(term, row, batch int) int {
	if batch == 0 {
		return term * row
	}
	return term/m.positions*batch + term%m.positions*row
}

// tile computes one of its tiles.
func (m *multiplication) tile(tile int, maps []Map) {
	var room *workspace
	if m.cut.packed() {
		room = borrow()
		defer room.giveBack()
	}
	m.compute(m.part(tile), room, maps)
}

// compute computes some rows of some strips, block after block, so that what A has in a block serves all strips.
func (m *multiplication) compute(at part, room *workspace, maps []Map) {
	if m.terms == 0 {
		m.withoutTerms(at, maps)
		return
	}
	if m.turnedB && m.rows <= fewRows {
		done := m.across(at, room, maps)
		at.column, at.width = at.column+done, at.width-done
	}
	for from, last := 0, at.width == 0; !last; {
		to := blockEnd(from, m.terms, m.positions)
		last = to == m.terms
		s := strip{rows: at.height, terms: to - from, first: from == 0 && !m.adds}
		a := m.leftOperand(&s, at.row, from, room)
		for column, end := at.column, at.column+at.width; column < end; column += s.columns {
			s.columns = m.stripWidth(end - column)
			b := m.rightOperand(&s, at.column, column, from, room)
			c := m.result(&s, at.row, column)
			if !last {
				s.run(c, a, b, nil)
				continue
			}
			var bias []float32
			if m.bias != nil {
				bias = m.bias[column:]
			}
			s.run(c, a, b, bias)
			m.follow(maps, part{at.row, at.height, column, s.columns})
		}
		from = to
	}
}

// withoutTerms computes sums of no terms: 0, or what C holds. There may be no A and no B.
func (m *multiplication) withoutTerms(at part, maps []Map) {
	for column, end := at.column, at.column+at.width; column < end; {
		s := strip{rows: at.height, columns: min(panel, end-column), first: !m.adds}
		var bias []float32
		if m.bias != nil {
			bias = m.bias[column:]
		}
		s.run(m.result(&s, at.row, column), nil, nil, bias)
		m.follow(maps, part{at.row, at.height, column, s.columns})
		column += s.columns
	}
}

// follow completes a part of C that has its sums and its bias.
func (m *multiplication) follow(maps []Map, at part) {
	if m.shift != nil {
		c := m.c[at.column:][:at.width]
		for j := range c {
			c[j] += m.shift[0]
		}
	}
	for i := range maps {
		maps[i].strip(m.from+at.row*m.rowC+at.column, at.height, at.width, m.rowC)
	}
}

// stripWidth returns how many columns the next strip has if so many are left: a few rows have as many as lie in the same
// way.
func (m *multiplication) stripWidth(left int) int {
	switch {
	case m.rows > lowRows || m.rows > 1 && m.panelsC || m.cut.packedB || left < panel:
		return min(panel, left)
	case m.panelsB:
		return left / panel * panel
	default:
		return left
	}
}

// leftOperand returns A from a row and a term on, copied to the room if that pays.
func (m *multiplication) leftOperand(s *strip, row, from int, room *workspace) []float32 {
	if m.cut.packedA {
		s.rowA, s.termA = stridePacked, 1
		a := room.left()
		for t, count := 0, 0; t < s.terms; t += count {
			count = m.together(from+t, from+s.terms)
			transpose(a[t:], m.a[m.termAt(from+t, m.rowA, m.batchA)+row:], count, s.rows, stridePacked, m.rowA)
		}
		return a
	}
	if m.turnedA {
		s.rowA, s.termA = 1, m.rowA
		if m.gaps() {
			s.lead, s.segment, s.jump = m.together(from, from+s.terms), m.positions, m.batchA-m.positions*m.rowA
		}
		return m.a[m.termAt(from, m.rowA, m.batchA)+row:]
	}
	s.rowA, s.termA = m.rowA, 1
	return m.a[row*m.rowA+from:]
}

// result returns C from a row on, for the strip that begins at the column.
func (m *multiplication) result(s *strip, row, column int) []float32 {
	if m.panelsC {
		s.rowC = s.columns
		return m.c[column*m.rows+row*s.columns:]
	}
	s.rowC = m.rowC
	return m.c[row*m.rowC+column:]
}

// rightOperand returns B for the strip that begins at the column and the block that begins at a term, copied to the
// room if it lies the other way round or that pays. The tile's first strip begins at the first column.
func (m *multiplication) rightOperand(s *strip, first, column, from int, room *workspace) []float32 {
	s.termB = panel
	switch {
	case !m.turnedB && m.panelsB:
		width := min(panel, s.columns)
		s.termB, s.apart = width, m.terms*panel
		return m.b[column*m.terms+from*width:]
	case !m.cut.packedB:
		s.termB, s.apart = m.rowB, panel
		return m.b[from*m.rowB+column:]
	case !m.turnedB:
		k := column / panel % besides
		if k == 0 || column == first {
			m.copyPanels(room, k, column, from, s.terms)
		}
		return room.b[k*block*panel:]
	case m.panelsB:
		for t := 0; t < s.terms; t += panel {
			width := min(panel, s.terms-t)
			transpose(room.b[t*panel:], m.b[(from+t)*m.columns+column*width:], s.columns, width, panel, width)
		}
	default:
		transpose(room.b[:], m.b[column*m.rowB+from:], s.columns, s.terms, panel, m.rowB)
	}
	return room.b[:]
}

// copyPanels copies a block of B's rows for the strips from the column on, the first of which has number k in the room.
func (m *multiplication) copyPanels(room *workspace, k, column, from, terms int) {
	for t, count := 0, 0; t < terms; t += count {
		count = m.together(from+t, from+terms)
		copyPanels(room.b[(k*block+t)*panel:], m.b[m.termAt(from+t, m.rowB, m.batchB)+column:], min((besides-k)*panel, m.columns-column), count, m.rowB)
	}
}

// copyPanels copies rows of so many columns, which begin stride elements apart, to panels for blocks: see workspace.
func copyPanels(dst, src []float32, columns, rows, stride int) {
	done := 0
	if panels := columns / panel; copyWhole(dst, src, panels, rows, stride) {
		done = panels * panel
	}
	for t := range rows {
		for j := done; j < columns; j += panel {
			copy(dst[(j/panel*block+t)*panel:], src[t*stride+j:][:min(panel, columns-j)])
		}
	}
}
