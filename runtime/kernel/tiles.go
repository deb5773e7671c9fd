package kernel

// chunk is the largest number of rows of a tile.
const chunk = 192

// worthSharing is the number of multiply-adds from which on the workers share them: 10 µs. Half of that would gain a
// microsecond, and keep a core busy with looking for it.
const worthSharing = 1 << 19

// worthATile is the number of multiply-adds that a tile should have.
const worthATile = 1 << 17

// cut is how a product is cut into tiles: rows into chunks of one height, columns into groups of whole strips.
type cut struct {
	chunks, height int
	width          int
	packed         bool // a tile copies what it has of A
}

// part is the rows and columns of a tile.
type part struct{ row, height, column, width int }

// tiles cuts the product and returns the number of tiles. It depends on the product's shape alone.
func (m *multiplication) tiles() int {
	if m.rows == 0 || m.columns == 0 {
		return 0
	}
	chunks := (m.rows + chunk - 1) / chunk
	height := (m.rows + chunks - 1) / chunks
	if chunks > 1 {
		height = (height + 5) / 6 * 6 // the assembly's highest tile
	}
	strips := (m.columns + panel - 1) / panel
	group := min(strips, mostAcross/panel, max(1, worthATile/(height*max(1, m.terms)*panel)))
	packed := false
	m.cut = cut{chunks, height, group * panel, packed}
	return chunks * ((strips + group - 1) / group)
}

// part returns what the tile is.
func (m *multiplication) part(tile int) part {
	row, column := tile%m.cut.chunks*m.cut.height, tile/m.cut.chunks*m.cut.width
	return part{row, min(m.cut.height, m.rows-row), column, min(m.cut.width, m.columns-column)}
}

// shared tells whether the pool's workers should share a product.
func (p *Pool) shared(multiplyAdds int) bool { return p != nil && multiplyAdds >= worthSharing }
