//go:build !purego

package kernel

//go:generate go run -C _asm . -file pool -out ../pool2d_amd64.s -stubs ../pool2d_stubs_amd64.go -pkg kernel

// lanesOfCall is how many registers of 256 bits one call of assembly may read: assembly cannot be interrupted, and this takes
// about 20 µs.
const lanesOfCall = 1 << 13

// portion is what one call of assembly takes of windows that are alike: so many windows of so many lines, and so many rows of
// each; which are the first, and where they begin.
type portion struct {
	lines, windows, rows int
	line, window, row    int
	number, place        int
}

// portion returns the first one. nextPortion leads to the others.
func (g *Pool2D) portion(a alike) portion {
	row := a.columns * ((g.Inner + 7) / 8)
	p := portion{lines: a.lines, windows: a.count, rows: a.rows}
	if row*a.rows*a.count*a.lines > lanesOfCall {
		p.rows = min(max(lanesOfCall/row, 1), a.rows)
		p.windows = min(max(lanesOfCall/(row*a.rows), 1), a.count)
		if p.lines = 1; p.windows == a.count {
			p.lines = max(lanesOfCall/(row*a.rows*a.count), 1)
		}
	}
	return g.locate(a, p)
}

func (g *Pool2D) locate(a alike, p portion) portion {
	p.number = (a.line+p.line)*g.OutW + a.first + p.window
	p.place = a.place + (p.line*g.StrideH+p.row)*g.Width + p.window*g.StrideW
	return p
}

// nextPortion returns the one that follows; behind the last it has no lines.
func (g *Pool2D) nextPortion(a alike, p portion) portion {
	first := g.portion(a)
	if p.row += p.rows; p.row < a.rows {
		p.rows = min(p.rows, a.rows-p.row)
		return g.locate(a, p)
	}
	p.row, p.rows = 0, first.rows
	if p.window += p.windows; p.window < a.count {
		p.windows = min(p.windows, a.count-p.window)
		return g.locate(a, p)
	}
	p.window, p.windows = 0, first.windows
	if p.line += p.lines; p.line < a.lines {
		p.lines = min(p.lines, a.lines-p.line)
		return g.locate(a, p)
	}
	return portion{}
}

// skip is how far from where another window would begin those of the next line do.
func (g *Pool2D) skip(p portion) int { return g.StrideH*g.Width - p.windows*g.StrideW }

// reads returns the elements of a plane that the portion reads.
func (g *Pool2D) reads(x []float32, a alike, p portion) []float32 {
	last := (p.lines-1)*g.StrideH*g.Width + (p.windows-1)*g.StrideW + (p.rows-1)*g.Width + a.columns
	return x[p.place*g.Inner:][:last*g.Inner]
}

// resultsOf returns the elements of the portion's results.
func (g *Pool2D) resultsOf(y []float32, p portion) []float32 {
	return y[p.number*g.Inner:][:((p.lines-1)*g.OutW+p.windows)*g.Inner]
}
