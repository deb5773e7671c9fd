package kernel

// Part is one of several arrays that lie side by side in the rows of another: of each row, Size elements are its
// own. Nil stands for zeros.
type Part struct {
	Of   []float32
	Size int
}

// joining is what a kernel works on that joins parts or cuts into them: whole has n rows.
type joining struct {
	whole []float32
	parts [mostParts]Part
	used  int // of parts
	n     int
	each  int // rows of a tile
	cut   bool
}

// mostParts is the largest number of parts whose rows are shared among workers.
const mostParts = 8

// Concat joins parts: row r of y [n, Σ sizes] is row r of the first, then of the second, ….
func Concat(p *Pool, y []float32, n int, parts ...Part) {
	if !p.divides(y, n, parts, false) {
		joinRows(y, parts, 0, n)
	}
}

// Split cuts x [n, Σ sizes] into parts: row r of the first is where row r of x begins, then follows the second, …. A part
// that is nil is left out.
func Split(p *Pool, x []float32, n int, parts ...Part) {
	if !p.divides(x, n, parts, true) {
		cutRows(x, parts, 0, n)
	}
}

// divides lets the pool's workers join parts, or cut into them, if that pays and reports whether it did.
func (p *Pool) divides(whole []float32, n int, parts []Part, cuts bool) bool {
	size := width(parts)
	if len(parts) > mostParts || !p.shares(n*size) {
		return false
	}
	s := joining{whole: whole, n: n, each: max(elementsTogether/size, 1), cut: cuts, used: len(parts)}
	copy(s.parts[:], parts)
	p.run(job{tile: func(j *job, tile int) { j.joining.tile(tile) }, joining: s}, (n+s.each-1)/s.each)
	return true
}

func (s *joining) tile(tile int) {
	from, to := tile*s.each, min(tile*s.each+s.each, s.n)
	if s.cut {
		cutRows(s.whole, s.parts[:s.used], from, to)
	} else {
		joinRows(s.whole, s.parts[:s.used], from, to)
	}
}

// width is the number of elements of a row of the whole.
func width(parts []Part) (size int) {
	for _, part := range parts {
		size += part.Size
	}
	return size
}

// joinRows computes rows of Concat from one to another.
func joinRows(y []float32, parts []Part, from, to int) {
	y = y[from*width(parts):]
	for r := from; r < to; r++ {
		for _, part := range parts {
			row := y[:part.Size]
			if part.Of == nil {
				clear(row)
			} else {
				copy(row, part.Of[r*part.Size:][:part.Size])
			}
			y = y[part.Size:]
		}
	}
}

// cutRows computes rows of Split from one to another.
func cutRows(x []float32, parts []Part, from, to int) {
	x = x[from*width(parts):]
	for r := from; r < to; r++ {
		for _, part := range parts {
			if part.Of != nil {
				copy(part.Of[r*part.Size:][:part.Size], x)
			}
			x = x[part.Size:]
		}
	}
}
