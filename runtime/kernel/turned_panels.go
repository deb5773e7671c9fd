package kernel

// mostTurned is the number of elements of the largest weight that a product turns as a whole: the copy has to stay in a cache.
const mostTurned = 1 << 20

// turnsPanels tells whether B, which lies in panels and the other way round, is turned as a whole before: for few rows each
// tile turns what it has of it.
func (m *multiplication) turnsPanels() bool {
	return m.turnedB && m.panelsB && m.rows > 2*chunk && m.terms*m.columns <= mostTurned
}

// turnPanels makes of B in that room a weight that lies as the product takes it.
func (m *multiplication) turnPanels(p *Pool, room []float32) {
	weight := m.b
	m.b, m.turnedB = room, false
	strips := (m.columns + panel - 1) / panel
	if p != nil && strips > 1 && len(room) >= worthMapping {
		p.run(job{tile: turnPanelTile, product: *m, weight: weight}, strips)
		return
	}
	for strip := range strips {
		m.turnPanel(weight, strip*panel)
	}
}

func turnPanelTile(j *job, tile int) { j.product.turnPanel(j.weight, tile*panel) }

// turnPanel does it for the strip that begins at the column.
func (m *multiplication) turnPanel(weight []float32, column int) {
	columns := min(panel, m.columns-column)
	to := m.b[column*m.terms:]
	for t := 0; t < m.terms; t += panel {
		width := min(panel, m.terms-t)
		transpose(to[t*columns:], weight[t*m.columns+column*width:], columns, width, columns, width)
	}
}
