package kernel

// positional is what a kernel works on that makes one of the positions of each row: x [n, size, inner], y [n, inner] and, where
// not all take part, mask [n, size], of which those that do are not 0.
type positional struct {
	does           positionwise
	y, x, mask     []float32
	n, size, inner int
	each           int // rows of a tile
}

// positionwise says what is done with positions.
type positionwise uint8

const (
	average positionwise = iota
	averageBack
	averageOfSome
	averageOfSomeBack
	lastOfSome
	lastOfSomeBack
)

// Mean computes the mean over the positions of each row: x [n, size, inner], y [n, inner]. Where inner is 1 it is a reduction,
// else a sum down columns.
func Mean(p *Pool, y, x []float32, n, size, inner int) {
	s := positional{does: average, y: y, x: x, n: n, size: size, inner: inner}
	s.run(p)
}

// MeanGrad computes ∂x = ∂y/size at every position.
func MeanGrad(p *Pool, dx, dy []float32, n, size, inner int) {
	s := positional{does: averageBack, y: dy, x: dx, n: n, size: size, inner: inner}
	s.run(p)
}

// MaskedMean is Mean over the positions that take part, which mask [n, size] says; 0 if there is none. They are added from the
// first on.
func MaskedMean(p *Pool, y, x, mask []float32, n, size, inner int) {
	s := positional{does: averageOfSome, y: y, x: x, mask: mask, n: n, size: size, inner: inner}
	s.run(p)
}

// MaskedMeanGrad computes ∂x of MaskedMean: ∂y divided by the number of positions that take part, at those.
func MaskedMeanGrad(p *Pool, dx, dy, mask []float32, n, size, inner int) {
	s := positional{does: averageOfSomeBack, y: dy, x: dx, mask: mask, n: n, size: size, inner: inner}
	s.run(p)
}

// Last copies the last position of each row that takes part, which mask [n, size] says; 0 if there is none: x [n, size, inner],
// y [n, inner].
func Last(p *Pool, y, x, mask []float32, n, size, inner int) {
	s := positional{does: lastOfSome, y: y, x: x, mask: mask, n: n, size: size, inner: inner}
	s.run(p)
}

// LastGrad computes ∂x of Last: ∂y at the position that was copied, else 0.
func LastGrad(p *Pool, dx, dy, mask []float32, n, size, inner int) {
	s := positional{does: lastOfSomeBack, y: dy, x: dx, mask: mask, n: n, size: size, inner: inner}
	s.run(p)
}

// run goes through the rows.
func (s *positional) run(p *Pool) {
	s.each = max(s.n, 1)
	if size := s.size * s.inner; p.shares(s.n * size) {
		s.each = max(elementsTogether/size, 1)
	}
	if tiles := (s.n + s.each - 1) / s.each; tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.positional.tile(tile) }, positional: *s}, tiles)
		return
	}
	s.tile(0)
}

func (s *positional) tile(tile int) {
	first, end := tile*s.each, min(tile*s.each+s.each, s.n)
	if s.does == average && s.inner == 1 {
		s.reduce(first, end)
		return
	}
	for r := first; r < end; r++ {
		y, x := s.y[r*s.inner:][:s.inner], s.x[r*s.size*s.inner:][:s.size*s.inner]
		switch s.does {
		case average:
			columnSums(y, x, s.size, s.size, s.inner, s.inner)
			divideBy(y, float32(s.size))
		case averageBack:
			spread(x, y, float32(s.size))
		case averageOfSome:
			s.averageOfSome(y, x, s.mask[r*s.size:][:s.size])
		case averageOfSomeBack:
			s.averageOfSomeBack(x, y, s.mask[r*s.size:][:s.size])
		case lastOfSome:
			if last := lastOf(s.mask[r*s.size:][:s.size]); last < 0 {
				clear(y)
			} else {
				copy(y, x[last*s.inner:])
			}
		case lastOfSomeBack:
			clear(x)
			if last := lastOf(s.mask[r*s.size:][:s.size]); last >= 0 {
				copy(x[last*s.inner:], y)
			}
		}
	}
}

// reduce computes means of elements that lie side by side.
func (s *positional) reduce(first, end int) {
	for together := rowsTogether(s.size); first < end; first += together {
		rows := min(together, end-first)
		y := s.y[first:][:rows]
		clear(y)
		for from := 0; from < s.size; from += laneBlock {
			addSums(y, s.x[first*s.size+from:], rows, min(laneBlock, s.size-from))
		}
		divideBy(y, float32(s.size))
	}
}

// spread writes y divided by a number to each position of x.
func spread(x, y []float32, by float32) {
	if len(y) == 1 {
		v := y[0] / by
		for i := range x {
			x[i] = v
		}
		return
	}
	for i, v := range y {
		x[i] = v / by
	}
	for at := len(y); at < len(x); at += len(y) {
		copy(x[at:], x[:len(y)])
	}
}

func divideBy(y []float32, by float32) {
	for i := range y {
		y[i] /= by
	}
}

// participants counts the positions that take part.
func participants(mask []float32) (count int) {
	for _, m := range mask {
		if m != 0 {
			count++
		}
	}
	return count
}

// lastOf returns the last position that takes part, −1 if there is none.
func lastOf(mask []float32) int {
	for t := len(mask) - 1; t >= 0; t-- {
		if mask[t] != 0 {
			return t
		}
	}
	return -1
}

// averageOfSome computes a row of MaskedMean.
func (s *positional) averageOfSome(y, x, mask []float32) {
	clear(y)
	for t, m := range mask {
		if m != 0 {
			accumulate(y, x[t*s.inner:])
		}
	}
	if count := participants(mask); count > 0 {
		divideBy(y, float32(count))
	}
}

// averageOfSomeBack computes a row of MaskedMeanGrad.
func (s *positional) averageOfSomeBack(dx, dy, mask []float32) {
	count := float32(participants(mask))
	for t, m := range mask {
		to := dx[t*s.inner:][:s.inner]
		if m == 0 {
			clear(to)
		} else {
			spread(to, dy, count)
		}
	}
}
