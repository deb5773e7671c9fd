//go:build !purego

package kernel

// scatterAll does what scatter does, if there is assembly for it. It is interrupted every few microseconds.
func (l *lookup) scatterAll(from, columns int) bool {
	if !avx2 {
		return false
	}
	for i, together := 0, max(elementsTogether/columns, 1); i < len(l.ids); i += together {
		scatterRowsWide(&l.table[from], &l.rows[i*l.dim+from], &l.ids[i], min(together, len(l.ids)-i), columns, l.dim)
	}
	return true
}
