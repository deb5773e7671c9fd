package kernel

// Part is one of several arrays that lie side by side in the rows of another: of each row, Size elements are its
// own. Nil stands for zeros.
type Part struct {
	Of   []float32
	Size int
}

// Concat joins parts: row r of y [n, Σ sizes] is row r of the first, then of the second, ….
func Concat(p *Pool, y []float32, n int, parts ...Part) {
	for r := range n {
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

// Split cuts x [n, Σ sizes] into parts: row r of the first is where row r of x begins, then follows the second, …. A part
// that is nil is left out.
func Split(p *Pool, x []float32, n int, parts ...Part) {
	for r := range n {
		for _, part := range parts {
			if part.Of != nil {
				copy(part.Of[r*part.Size:][:part.Size], x)
			}
			x = x[part.Size:]
		}
	}
}
