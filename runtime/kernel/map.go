package kernel

// Map is an element-wise kernel together with its arrays, z = f(x, y) for each element, where y may be nil. Chain computes
// several one after the other, and a product computes those that follow it as soon as it has its sums.
//
// Every element-wise kernel F has a MapF that takes the same arguments but the pool. Its arrays may be the same.
type Map struct {
	z, x, y []float32
	c       constants
	f       mapping
}

// constants are the numbers that are the same for all elements.
type constants [4]float32

// mapping computes z = f(x, y) for rows of that many columns, which begin stride elements apart in each of the arrays.
type mapping func(z, x, y []float32, c constants, rows, columns, stride int)

// strip computes the map for some rows of some columns, the first of which is element number from of each array.
func (m *Map) strip(from, rows, columns, stride int) {
	y := m.y
	if y != nil {
		y = y[from:]
	}
	m.f(m.z[from:], m.x[from:], y, m.c, rows, columns, stride)
}

// mostMaps is the largest number of maps of one Chain, and of those that follow a product.
const mostMaps = 4

// mapTile is the number of elements for which a chain computes all of its maps before it goes on: with three arrays for
// each map they stay in the first-level cache.
const mapTile = 2048

// Chain computes up to four maps over n·size elements, one after the other, tile by tile.
func Chain(p *Pool, n, size int, maps ...Map) {
	for from := 0; from < n*size; from += mapTile {
		tile := min(mapTile, n*size-from)
		for i := range maps {
			maps[i].strip(from, 1, tile, tile)
		}
	}
}
