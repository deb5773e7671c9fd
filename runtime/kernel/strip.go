package kernel

// strip is one block of a product C = A·B of which C and B have at most 16 columns, a row of them side by side:
// A [rows, terms], B [terms, columns], C [rows, columns]. Element (i, t) of A is a[i·rowA + t·termA], where one of the
// two strides is 1; rows of B and C begin every termB and rowC elements. The sums of the first block are stored, those
// of later ones added; then comes the bias. A strip of at most lowRows rows may have more columns: those of B
// then lie in panels that begin so far apart.
//
// Where segment is not 0, and only where segmented says that there may be segments, the terms of A lie in segments of so
// many, the first of which has lead terms: from the end of one it is jump elements to the next.
type strip struct {
	rows, columns, terms     int
	rowA, termA, termB, rowC int
	apart                    int
	first                    bool
	lead, segment, jump      int
}

// lowRows is the largest number of rows for which a strip may have several panels: one alone has too few sums to keep
// the processor busy.
const lowRows = 3

// run computes the strip. The bias is [columns] or nil.
func (s *strip) run(c, a, b, bias []float32) {
	if s.assembly(c, a, b, bias) {
		return
	}
	for column := 0; column < s.columns; column += panel {
		one, c := *s, c[column:]
		one.columns = min(panel, s.columns-column)
		if s.terms == 0 {
			for i := 0; i < s.rows && s.first; i++ {
				clear(c[i*s.rowC:][:one.columns])
			}
		} else {
			one.portable(c, a, b[column/panel*s.apart:])
		}
		if bias != nil {
			addBias(c, bias[column:], s.rows, one.columns, s.rowC)
		}
	}
}

// portable computes the strip. Tiles of 2×4 elements keep eight accumulators in registers; what they leave over is
// done with fewer, by the same sums.
func (s *strip) portable(c, a, b []float32) {
	i := 0
	for ; i+2 <= s.rows; i += 2 {
		a0, a1 := a[i*s.rowA:], a[(i+1)*s.rowA:]
		c0, c1 := c[i*s.rowC:][:s.columns], c[(i+1)*s.rowC:][:s.columns]
		j := 0
		for ; j+4 <= s.columns; j += 4 {
			s.tile((*[4]float32)(c0[j:]), (*[4]float32)(c1[j:]), a0, a1, b[j:])
		}
		for ; j < s.columns; j++ {
			s.single(&c0[j], a0, b[j:])
			s.single(&c1[j], a1, b[j:])
		}
	}
	if i < s.rows {
		a0, c0 := a[i*s.rowA:], c[i*s.rowC:][:s.columns]
		j := 0
		for ; j+4 <= s.columns; j += 4 {
			s.row((*[4]float32)(c0[j:]), a0, b[j:])
		}
		for ; j < s.columns; j++ {
			s.single(&c0[j], a0, b[j:])
		}
	}
}

// tile computes two rows of four elements.
func (s *strip) tile(c0, c1 *[4]float32, a0, a1, b []float32) {
	var s00, s01, s02, s03, s10, s11, s12, s13, t wide
	termA, termB, at, bt := s.termA, s.termB, 0, 0
	for range s.terms {
		x0, x1, y := wide(a0[at]), wide(a1[at]), (*[4]float32)(b[bt:])
		y0, y1, y2, y3 := wide(y[0]), wide(y[1]), wide(y[2]), wide(y[3])
		if t = x0*y0 + s00; doubtful(t) {
			t = toOdd(t, x0*y0, s00)
		}
		s00 = wide(float32(t))
		if t = x0*y1 + s01; doubtful(t) {
			t = toOdd(t, x0*y1, s01)
		}
		s01 = wide(float32(t))
		if t = x0*y2 + s02; doubtful(t) {
			t = toOdd(t, x0*y2, s02)
		}
		s02 = wide(float32(t))
		if t = x0*y3 + s03; doubtful(t) {
			t = toOdd(t, x0*y3, s03)
		}
		s03 = wide(float32(t))
		if t = x1*y0 + s10; doubtful(t) {
			t = toOdd(t, x1*y0, s10)
		}
		s10 = wide(float32(t))
		if t = x1*y1 + s11; doubtful(t) {
			t = toOdd(t, x1*y1, s11)
		}
		s11 = wide(float32(t))
		if t = x1*y2 + s12; doubtful(t) {
			t = toOdd(t, x1*y2, s12)
		}
		s12 = wide(float32(t))
		if t = x1*y3 + s13; doubtful(t) {
			t = toOdd(t, x1*y3, s13)
		}
		s13 = wide(float32(t))
		at += termA
		bt += termB
	}
	join(c0, s00, s01, s02, s03, s.first)
	join(c1, s10, s11, s12, s13, s.first)
}

// row computes four elements of one row.
func (s *strip) row(c *[4]float32, a, b []float32) {
	var s0, s1, s2, s3, t wide
	termA, termB, at, bt := s.termA, s.termB, 0, 0
	for range s.terms {
		x, y := wide(a[at]), (*[4]float32)(b[bt:])
		y0, y1, y2, y3 := wide(y[0]), wide(y[1]), wide(y[2]), wide(y[3])
		if t = x*y0 + s0; doubtful(t) {
			t = toOdd(t, x*y0, s0)
		}
		s0 = wide(float32(t))
		if t = x*y1 + s1; doubtful(t) {
			t = toOdd(t, x*y1, s1)
		}
		s1 = wide(float32(t))
		if t = x*y2 + s2; doubtful(t) {
			t = toOdd(t, x*y2, s2)
		}
		s2 = wide(float32(t))
		if t = x*y3 + s3; doubtful(t) {
			t = toOdd(t, x*y3, s3)
		}
		s3 = wide(float32(t))
		at += termA
		bt += termB
	}
	join(c, s0, s1, s2, s3, s.first)
}

// single computes one element.
func (s *strip) single(c *float32, a, b []float32) {
	var sum wide
	termA, termB, at, bt := s.termA, s.termB, 0, 0
	for range s.terms {
		sum = fma(wide(a[at]), wide(b[bt]), sum)
		at += termA
		bt += termB
	}
	if s.first {
		*c = float32(sum)
	} else {
		*c += float32(sum)
	}
}

// join stores the sums of the first block and adds those of later ones.
func join(c *[4]float32, s0, s1, s2, s3 wide, first bool) {
	sums := [4]float32{float32(s0), float32(s1), float32(s2), float32(s3)}
	if first {
		*c = sums
		return
	}
	for j, v := range sums {
		c[j] += v
	}
}

// addBias adds b [columns] to each of that many rows of y, which begin stride elements apart.
func addBias(y, b []float32, rows, columns, stride int) {
	b = b[:columns]
	for r := range rows {
		row := y[r*stride:][:len(b)]
		for j, v := range b {
			row[j] += v
		}
	}
}
