package kernel

// fewRows is the largest number of rows of a product that need not have B's columns side by side.
const fewRows = 4

// mostAcross is the largest number of columns of a tile of such a product.
const mostAcross = 512

// across computes a part of a product of few rows whose B lies turned, eight columns at a time, without copying B
// first. It returns how many columns it has computed.
func (m *multiplication) across(at part, room *workspace, maps []Map) (columns int) {
	columns = at.width / 8 * 8
	if columns == 0 || m.terms == 0 || !avx2 {
		return 0
	}
	for from := 0; from < m.terms; from += block {
		terms := min(block, m.terms-from)
		a := m.a[from:]
		if m.rows > 1 {
			a = room.factors[:m.rows*terms]
			for i := range m.rows {
				for t, v := range m.a[i*m.rowA+from:][:terms] {
					a[t*m.rows+i] = v
				}
			}
		}
		c, rowC, adds := m.c[at.column:], m.rowC, from > 0 || m.adds
		if adds {
			c, rowC = room.sums[:], mostAcross
		}
		if m.panelsB {
			for t := 0; t < terms; t += panel {
				width := min(panel, terms-t)
				acrossEights(c, a[t*m.rows:], m.b[(from+t)*m.columns+at.column*width:], m.rows, columns, width, width, rowC, t == 0)
			}
		} else {
			acrossEights(c, a, m.b[at.column*m.rowB+from:], m.rows, columns, terms, m.rowB, rowC, true)
		}
		if adds {
			for i := range m.rows {
				to := m.c[i*m.rowC+at.column:][:columns]
				for j, v := range room.sums[i*mostAcross:][:columns] {
					to[j] += v
				}
			}
		}
	}
	if m.bias != nil {
		addBias(m.c[at.column:], m.bias[at.column:], m.rows, columns, m.rowC)
	}
	m.follow(maps, part{0, m.rows, at.column, columns})
	return columns
}
