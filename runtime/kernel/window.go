package kernel

// axis is how a kernel lies along the rows or the columns of an image. At position p of C its tap k reads
// element p·step + k·tap + from of A. Positions and taps may be only those of a phase: every so many of all, see phase.
type axis struct {
	size   int // number of positions of C
	phases int // how many of them make a period
	kernel int // number of taps
	step   int
	tap    int
	from   int
}

// phase is those positions first, first + apart, … of an axis whose taps meet elements of A, and these taps: lead,
// lead + skip, …. At its position number q tap number k reads element q·step + k·tap + from.
type phase struct {
	positions, first, apart int
	taps, lead, skip        int
	step, tap, from         int
}

// phase returns a phase of the axis. With one phase these are all positions and all taps. With more, it is a gradient's
// axis: position p meets element (p − tap·k + from)/phases where that is whole.
func (x *axis) phase(number int) phase {
	if x.phases == 1 {
		return phase{positions: x.size, apart: 1, taps: x.kernel, skip: 1, step: x.step, tap: x.tap, from: x.from}
	}
	f := phase{positions: (x.size - number + x.phases - 1) / x.phases, first: number, apart: x.phases, step: x.step, skip: x.phases}
	at := func(k int) int { return number + x.from + k*x.tap }
	for f.lead < x.kernel && at(f.lead)%x.phases != 0 {
		f.lead++
	}
	for k := f.lead + 1; k < x.kernel; k++ {
		if at(k)%x.phases == 0 {
			f.skip = k - f.lead
			break
		}
	}
	if f.lead < x.kernel {
		f.taps = (x.kernel - f.lead + f.skip - 1) / f.skip
	}
	f.tap, f.from = f.skip*x.tap/x.phases, at(f.lead)/x.phases
	return f
}

// window is which elements of images [n, height, width, channels] are the terms at each position: taps row by row, and at
// each the channels of a group.
type window struct {
	image                   []float32
	height, width, channels int
	rows, across            phase
	first, count            int // channels of the group
}

// positions returns the number of positions of an image.
func (w *window) positions() int { return w.rows.positions * w.across.positions }

// terms returns the number of terms at each position.
func (w *window) terms() int { return w.rows.taps * w.across.taps * w.count }

// slack is how many elements behind those of a position are written over when it is gathered.
const slack = 8

// gather copies what stands at some positions for some terms, counted over all images: position by position, apart
// elements from each other, which is at least slack more than the terms.
func (w *window) gather(dst []float32, apart, from, to, first, end int) {
	for at := from; at < to && first < end; {
		line, column := at/w.across.positions, at%w.across.positions
		count := min(to-at, w.across.positions-column)
		w.line(dst[(at-from)*apart:], apart, line, column, count, first, end)
		at += count
	}
}

// line does it for positions side by side.
func (w *window) line(dst []float32, apart, line, column, count, first, end int) {
	image := w.image[line/w.rows.positions*w.height*w.width*w.channels:]
	top := line%w.rows.positions*w.rows.step + w.rows.from
	left := column*w.across.step + w.across.from

	// A run is terms whose elements lie side by side: a group's channels, or all those of a row of taps.
	run, runs := w.count, w.across.taps
	if w.across.tap == 1 && w.count == w.channels {
		run, runs = run*runs, 1
	}
	row := span{apart: apart, count: count}
	tap, from := first/run, first%run
	i, j := tap/runs, tap%runs
	for t := first; t < end; from = 0 {
		row.dst, row.columns = dst[t-first:], min(run-from, end-t)
		t += row.columns
		if y := top + i*w.rows.tap; y < 0 || y >= w.height {
			row.clear()
		} else {
			row.copy(image[y*w.width*w.channels:][:w.width*w.channels], (left+j*w.across.tap)*w.channels+w.first+from, w.across.step*w.channels)
		}
		if j++; j == runs {
			i, j = i+1, 0
		}
	}
}

// span is some columns of count rows, which begin apart elements from each other.
type span struct {
	dst                   []float32
	apart, count, columns int
}

func (s *span) clear() { copyRows(s.dst, zeros[:], s.count, s.columns, s.apart, 0) }

// copy copies rows of src, the first of which begins there and the others step elements from each other. What lies outside
// of src is 0.
func (s *span) copy(src []float32, at, step int) {
	before, whole := 0, s.count // rows that begin before src, and those that end within
	for before < s.count && at+before*step < 0 {
		s.cross(src, before, at+before*step)
		before++
	}
	for whole > before && at+(whole-1)*step+s.columns > len(src) {
		whole--
		s.cross(src, whole, at+whole*step)
	}
	if before < whole {
		copyRows(s.dst[before*s.apart:], src[at+before*step:], whole-before, s.columns, s.apart, step)
	}
}

// cross copies a row some of which may lie outside of src.
func (s *span) cross(src []float32, row, from int) {
	to := s.dst[row*s.apart:][:s.columns]
	low := min(max(0, -from), s.columns)
	high := max(low, min(s.columns, len(src)-from))
	clear(to[:low])
	if low < high {
		copy(to[low:high], src[from+low:])
	}
	clear(to[high:])
}

// copyRows copies rows of that many columns, which begin apart elements from each other, from there on where they begin
// stride elements from each other. It may write up to 7 elements behind each.
func copyRows(dst, src []float32, rows, columns, apart, stride int) {
	if copyRowsAssembled(dst, src, rows, columns, apart, stride) {
		return
	}
	for r := range rows {
		copy(dst[r*apart:][:columns], src[r*stride:])
	}
}
