package grammar

// alignComments gives every comment its column. Those behind code keep the one
// that they have in the source if the code leaves a blank before it. Comments at the same
// column of neighbouring lines move together; lines without a comment are
// passed over, an empty line is not. Where none of them was set off by
// more than a blank, each stays close to its code.
func alignComments(rows []row) {
	var m margin
	for i := range rows {
		r := &rows[i]
		if r.apart {
			m.place()
		}
		switch {
		case r.comment == nil:
		case len(r.cells) == 0:
			r.commentColumn = r.indent
		default:
			if column := r.comment.Span.Start.Col - 1; column != m.source {
				m.place()
				m.source = column
			}
			m.rows = append(m.rows, r)
		}
	}
	m.place()
}

// margin is the comments at one column of the source.
type margin struct {
	source int
	rows   []*row
}

// place gives the comments their columns, and makes room for others.
func (m *margin) place() {
	common, gap := m.source, false
	for _, r := range m.rows {
		common = max(common, r.end()+1)
		gap = gap || r.commentGap
	}
	for _, r := range m.rows {
		r.commentColumn = common
		if !gap {
			r.commentColumn = r.end() + 1
		}
	}
	m.rows = m.rows[:0]
}
