package kernel

import (
	"math"
	"sync"
)

// Position computes y = x + w: w [size] is added to each of n rows.
func Position(p *Pool, y, x, w []float32, n, size int) {
	s := shifting{y: y[:n*size], x: x[:n*size], w: w[:size]}
	s.run(p)
}

// Sinusoids is the geometry of positions that sines and cosines tell apart, and these themselves once they are used.
type Sinusoids struct {
	Positions, Size int

	made  sync.Once
	table []float32
}

// Sinusoidal computes y = x + P for each of n rows [positions, size], where P[t, 2i] = sin(t/10000^(2i/size)) and P[t, 2i+1] is
// the cosine of the same.
func Sinusoidal(p *Pool, y, x []float32, n int, g *Sinusoids) {
	g.made.Do(g.make)
	Position(p, y, x, g.table, n, g.Positions*g.Size)
}

// make computes P in float64, with no function of package math that differs between platforms, and rounds it.
func (g *Sinusoids) make() {
	const ln10000 = 9.21034037197618273607
	g.table = make([]float32, g.Positions*g.Size)
	for k := 0; k < g.Size; k += 2 {
		frequency := Exp(float64(-ln10000*float64(k)) / float64(g.Size))
		for t := range g.Positions {
			sin, cos := sinCos(float64(float64(t) * frequency))
			pair := g.table[t*g.Size+k : (t+1)*g.Size]
			pair[0] = float32(sin)
			if len(pair) > 1 {
				pair[1] = float32(cos)
			}
		}
	}
}

// sinCos returns the sine and the cosine of x ≥ 0, below 2²⁰ with an error below 2⁻⁵⁰: x is k quarter turns and a rest of at most
// an eighth, of which they are series.
func sinCos(x float64) (sin, cos float64) {
	const (
		quarterHi = 1.57079632673412561417e+00 // π/2 with 33 bits, so that k·quarterHi is exact up to k = 2²⁰
		quarterLo = 6.07710050650619224932e-11
	)
	k := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	r := x - float64(k*quarterHi) - float64(k*quarterLo)
	sin, cos = sine(r), cosine(r)
	switch int64(k) & 3 {
	case 1:
		return cos, -sin
	case 2:
		return -sin, -cos
	case 3:
		return -cos, sin
	}
	return sin, cos
}

// shifting is what Position works on.
type shifting struct{ y, x, w []float32 }

// run adds w to every row, tile by tile of all elements.
func (s *shifting) run(p *Pool) {
	if p == nil || len(s.y) < worthMapping {
		s.add(0, len(s.y))
		return
	}
	p.run(job{tile: func(j *job, tile int) {
		from := tile * mapTile
		j.shifting.add(from, min(from+mapTile, len(j.shifting.y)))
	}, shifting: *s}, (len(s.y)+mapTile-1)/mapTile)
}

// add computes the elements from one to another, row by row.
func (s *shifting) add(from, to int) {
	for from < to {
		at := from % len(s.w)
		count := min(len(s.w)-at, to-from)
		m := MapAdd(s.y[from:], s.x[from:], s.w[at:], 1, count)
		m.strip(0, 1, count, count)
		from += count
	}
}
