package kernel

import "unsafe"

// Map is an element-wise kernel together with its arrays, z = f(x, y, u) for each element, where y and u may be nil. Chain
// computes several one after the other, and a product computes those that follow it as soon as it has its sums.
//
// Every element-wise kernel F has a MapF that takes the same arguments but the pool. Its arrays may be the same.
type Map struct {
	z, x, y, u []float32
	c          constants
	f          mapping
	factors    []float32 // of BatchNormApply, which is no mapping
	channels   int       // of BatchNormApply
}

// constants are the numbers that are the same for all elements.
type constants [4]float32

// mapping computes z = f(x, y, u) for rows of that many columns, which begin stride elements apart in each of the arrays:
// in Go, and in assembly where there is some.
type mapping struct {
	portable func(z, x, y, u []float32, c constants, rows, columns, stride int)
	wide     assembledRows
}

// assembledRows is a mapping in assembly: at least one row of at least one column. Nothing interrupts it.
type assembledRows func(z, x, y, u *float32, c0, c1, c2, c3 float32, rows, columns, stride int)

// mostMapped is the largest number of elements of a call of assembly, unless a row has more: 40 µs of the slowest map.
const mostMapped = 1 << 15

// strip computes the map for some rows of some columns, the first of which is element number from of each array.
func (m *Map) strip(from, rows, columns, stride int) {
	if columns == 0 {
		return
	}
	most := max(1, mostMapped/columns)
	for ; rows > 0; rows -= most {
		m.piece(from, min(rows, most), columns, stride)
		from += most * stride
	}
}

// piece computes what one call does.
func (m *Map) piece(from, rows, columns, stride int) {
	if m.factors != nil {
		m.normalise(from, rows, columns, stride)
		return
	}
	to := from + (rows-1)*stride + columns
	z, x, y, u := m.z[from:to], m.x[from:to], m.y, m.u
	if y != nil {
		y = y[from:to]
	}
	if u != nil {
		u = u[from:to]
	}
	if avx2 && m.f.wide != nil {
		m.f.wide(&z[0], &x[0], unsafe.SliceData(y), unsafe.SliceData(u), m.c[0], m.c[1], m.c[2], m.c[3], rows, columns, stride)
		return
	}
	m.f.portable(z, x, y, u, m.c, rows, columns, stride)
}

const (
	// mostMaps is the largest number of maps of one Chain, and of those that follow a product.
	mostMaps = 4

	// chainTile is the number of elements for which a chain computes all of its maps before it goes on: with three arrays
	// for each map they stay in the first-level cache.
	chainTile = 2048

	// mapTile is the number of elements of one tile of a job.
	mapTile = 8 * chainTile

	// worthMapping is the number of elements from which on it pays to call the workers.
	worthMapping = 4 * mapTile
)

// Chain computes up to four maps over n·size elements, one after the other, tile by tile.
func Chain(p *Pool, n, size int, maps ...Map) {
	count := n * size
	if p == nil || count < worthMapping {
		chain(maps, 0, count)
		return
	}
	j := job{n: count, tile: func(j *job, tile int) {
		from := tile * mapTile
		chain(j.maps[:j.followed], from, min(from+mapTile, j.n))
	}}
	j.follow(maps)
	p.run(j, (count+mapTile-1)/mapTile)
}

// each computes a map of its own.
func (p *Pool) each(m Map) { Chain(p, 1, len(m.z), m) }

// chain computes the maps for the elements from one number to another.
func chain(maps []Map, from, to int) {
	for ; from < to; from += chainTile {
		count := min(chainTile, to-from)
		for i := range maps {
			maps[i].strip(from, 1, count, count)
		}
	}
}
