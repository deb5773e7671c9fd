package kernel

// Permutation is the geometry of a copy that brings the axes of an array's rows into another order: the sizes of the result's
// axes, and how far elements of the operand lie apart along each of them. Axes that stay side by side are best given as
// one. There are at most mostAxes.
type Permutation struct{ Sizes, Steps []int }

// mostAxes is the largest number of axes of a row.
const mostAxes = 8

// Permute brings the axes of each of n rows of x into another order.
func Permute(p *Pool, y, x []float32, n int, g *Permutation) {
	s := permuting{y: y, x: x}
	s.plan(g)
	if s.lone() {
		t := turning{y: y, x: x, columns: s.columns.size, terms: s.terms.size}
		t.run(p, n*s.pieces)
		return
	}
	s.count = n * s.pieces
	s.each = max(s.count, 1)
	if p.shares(s.count * s.columns.size * s.terms.size) {
		s.each = max(elementsTogether/(s.columns.size*s.terms.size), 1)
	}
	if tiles := (s.count + s.each - 1) / s.each; tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.permuting.tile(tile) }, permuting: s}, tiles)
		return
	}
	s.tile(0)
}

// along is an axis: how many elements there are, and how far they lie apart in the result and in the operand.
type along struct{ size, to, from int }

// permuting is what Permute works on. A row falls into pieces that are alike: matrices that are turned, if the elements of
// columns lie side by side in the result and those of terms in the operand; else runs, if columns do in both.
type permuting struct {
	y, x           []float32
	columns, terms along
	turns          bool
	others         [mostAxes]along // along which the pieces lie
	axes           int             // how many of them
	row, pieces    int             // elements and pieces of a row
	count, each    int             // pieces of all rows, and of a tile
}

// plan finds the pieces. An axis of one element is none.
func (s *permuting) plan(g *Permutation) {
	s.columns, s.terms = along{1, 1, 1}, along{1, 1, 1}
	s.row, s.pieces = 1, 1
	inner := 0 // axes that have been looked at
	for i := len(g.Sizes) - 1; i >= 0; i-- {
		a := along{g.Sizes[i], s.row, g.Steps[i]}
		if a.size == 1 {
			continue
		}
		s.row *= a.size
		switch inner++; {
		case inner == 1:
			s.columns, s.turns = a, a.from != 1
		case s.turns && a.from == 1, !s.turns && inner == 2:
			s.terms = a
		default:
			s.others[s.axes] = a
			s.axes++
			s.pieces *= a.size
		}
	}
}

// lone reports whether the pieces of a row are whole matrices that follow each other in the operand as in the result.
func (s *permuting) lone() bool {
	size := s.columns.size * s.terms.size
	return s.turns && (s.axes == 0 || s.axes == 1 && s.others[0].from == size && s.others[0].to == size)
}

// tile copies some pieces.
func (s *permuting) tile(tile int) {
	for piece := tile * s.each; piece < min(tile*s.each+s.each, s.count); piece++ {
		left := piece % s.pieces
		to := piece / s.pieces * s.row
		from := to
		for _, a := range s.others[:s.axes] {
			to += left % a.size * a.to
			from += left % a.size * a.from
			left /= a.size
		}
		if s.turns {
			s.turn(s.y[to:], s.x[from:])
			continue
		}
		for t := range s.terms.size {
			copy(s.y[to+t*s.terms.to:][:s.columns.size], s.x[from+t*s.terms.from:])
		}
	}
}

// termsTurned is the number of terms that are turned at a time, so that what is written to stays in the first-level cache.
const termsTurned = 256

// turn turns a matrix.
func (s *permuting) turn(y, x []float32) {
	for from := 0; from < s.terms.size; from += termsTurned {
		terms := min(termsTurned, s.terms.size-from)
		transpose(y[from*s.terms.to:], x[from:], s.columns.size, terms, s.terms.to, s.columns.from)
	}
}
