package kernel

import "sync"

// Rotation is the geometry of turned positions: sequences of Positions of Width elements, in heads of Size; of position t the
// pair of elements i and i + Size/2 of a head is turned by the angle t·Base^(−2i/Size). Its sines and cosines are computed when
// they are needed first.
type Rotation struct {
	Positions, Width, Size int
	Base                   float64

	once     sync.Once
	sin, cos []float32 // [positions, size/2]
}

// Rope turns x [n, positions, width]: y[i] = x[i]·cos − x[i + size/2]·sin, y[i + size/2] = x[i + size/2]·cos + x[i]·sin. The
// arrays may be the same.
func Rope(p *Pool, y, x []float32, n int, g *Rotation) { g.turn(p, y, x, n, 1) }

// RopeAt turns x [n, width] as Rope does one position of a sequence.
func RopeAt(_ *Pool, y, x []float32, at uint64, n int, g *Rotation) {
	g.once.Do(g.tabulate)
	r := rotating{g, y, x, 1}
	for row := range n {
		r.position(row, int(at))
	}
}

// RopeGrad turns ∂y [n, positions, width] back.
func RopeGrad(p *Pool, dx, dy []float32, n int, g *Rotation) { g.turn(p, dx, dy, n, -1) }

// rotating is what rotations work on.
type rotating struct {
	g    *Rotation
	y, x []float32
	sign float32
}

func (g *Rotation) turn(p *Pool, y, x []float32, n int, sign float32) {
	g.once.Do(g.tabulate)
	r := rotating{g, y, x, sign}
	if p.shares(n*g.Positions*g.Width) && n > 1 {
		p.run(job{tile: func(j *job, tile int) { j.rotating.row(tile) }, rotating: r}, n)
		return
	}
	for row := range n {
		r.row(row)
	}
}

// row turns one row of the batch.
func (r *rotating) row(row int) {
	for t := range r.g.Positions {
		r.position(row*r.g.Positions+t, t)
	}
}

// position turns the element of x at that index as position t of a sequence.
func (r *rotating) position(index, t int) {
	g := r.g
	half := g.Size / 2
	sin, cos := g.sin[t*half:][:half], g.cos[t*half:][:half]
	for at, end := index*g.Width, (index+1)*g.Width; at < end; at += g.Size {
		x0, x1, y0, y1 := r.x[at:][:half], r.x[at+half:][:half], r.y[at:][:half], r.y[at+half:][:half]
		for i, c := range cos {
			s, a, b := sin[i]*r.sign, x0[i], x1[i]
			y0[i] = float32(a*c) - float32(b*s)
			y1[i] = float32(b*c) + float32(a*s)
		}
	}
}

// tabulate computes the sines and cosines.
func (g *Rotation) tabulate() {
	half := g.Size / 2
	g.sin, g.cos = make([]float32, g.Positions*half), make([]float32, g.Positions*half)
	for i := range half {
		theta := Exp(float64(-Log(g.Base)*float64(2*i)) / float64(g.Size))
		for t := range g.Positions {
			sin, cos := sinCos(float64(float64(t) * theta))
			g.sin[t*half+i], g.cos[t*half+i] = float32(sin), float32(cos)
		}
	}
}
