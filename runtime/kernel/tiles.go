package kernel

// chunk is the largest number of rows of a tile: a block of them fits in half of a second-level cache of 1 MB.
const chunk = 384

// worthSharing is the number of multiply-adds from which on the workers share them: 10 µs. Half of that would gain a
// microsecond, and keep a core busy with looking for it.
const worthSharing = 1 << 19

const (
	// worthATile is the number of multiply-adds that a tile should have.
	worthATile = 1 << 17

	// manyRows is the number of rows of a tile from which on it pays to copy what they are multiplied with.
	manyRows = 48

	// enoughTiles is the number of tiles that several workers share well.
	enoughTiles = 8

	// longGroup is the number of strips of a tile that share a block of A, which then comes from the second-level cache or
	// is copied.
	longGroup = 32

	// copiedRows is the least number of rows of a tile that copies both operands, where there are more.
	copiedRows = 96
)

// cut is how a product is cut into tiles: rows into chunks of one height, columns into groups of whole strips.
type cut struct {
	chunks, height int
	width          int
	packedA        bool // a tile copies what it has of A, turned
	packedB        bool // a tile copies what it has of B, strip by strip
}

// packed tells whether a tile needs room for copies.
func (c *cut) packed() bool { return c.packedA || c.packedB }

// part is the rows and columns of a tile.
type part struct{ row, height, column, width int }

// tiles cuts the product and returns the number of tiles. It depends on the product's shape alone, and on whether several
// workers may share it.
func (m *multiplication) tiles(shared bool) int {
	if m.rows == 0 || m.columns == 0 {
		return 0
	}
	gaps := m.gaps()
	if m.rows*m.columns*m.terms <= worthATile && m.columns <= mostAcross && (!gaps || m.rows <= chunk) {
		m.cut = cut{1, m.rows, m.columns, gaps, m.turnedB || gaps}
		return 1
	}
	chunks := (m.rows + chunk - 1) / chunk
	height := (m.rows + chunks - 1) / chunks
	if chunks > 1 {
		height = (height + 5) / 6 * 6 // the assembly's highest tile
	}
	strips := (m.columns + panel - 1) / panel
	group := worthATile / (height * max(1, m.terms) * panel)

	// Where the terms of a row or column lie far apart, a copy is read faster, if it is read often. Gaps between rows of the
	// batch end segments of A's terms where there may be some, else it is copied without them.
	long := m.terms >= block/2 && height >= manyRows
	packedA := gaps && !(segmented() && chunks == 1 && m.rows > lowRows) || m.turnedA && long && strips >= 4 && m.rows > block
	packedB := gaps || m.turnedB || long && !m.panelsB && m.columns > block
	if packedA || m.terms > 2*block {
		share := longGroup
		if packedA && shared { // fewer rows rather than strips: each group copies A
			groups := (strips + share - 1) / share
			if chunks = max(chunks, min((enoughTiles+groups-1)/groups, m.rows/copiedRows)); chunks > 1 {
				height = ((m.rows+chunks-1)/chunks + 5) / 6 * 6
				chunks = (m.rows + height - 1) / height
			}
		}
		for !packedA && shared && share > 1 && chunks*((strips+share-1)/share) < enoughTiles {
			share /= 2
		}
		group = max(group, share)
	}
	group = min(max(1, group), strips, mostAcross/panel)
	m.cut = cut{chunks, height, group * panel, packedA, packedB}
	return chunks * ((strips + group - 1) / group)
}

// part returns what the tile is. Tiles that follow each other have the same rows, which then stay in the second-level cache.
func (m *multiplication) part(tile int) part {
	if m.cut.chunks == 1 {
		return part{0, m.rows, tile * m.cut.width, min(m.cut.width, m.columns-tile*m.cut.width)}
	}
	groups := (m.columns + m.cut.width - 1) / m.cut.width
	row, column := tile/groups*m.cut.height, tile%groups*m.cut.width
	return part{row, min(m.cut.height, m.rows-row), column, min(m.cut.width, m.columns-column)}
}

// shared tells whether the pool's workers should share a product.
func (p *Pool) shared(multiplyAdds int) bool { return p != nil && multiplyAdds >= worthSharing }
