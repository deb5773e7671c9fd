package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	scaled2D("UpsampleNearest", UpsampleNearest, false, 2, 3), scaled2DBack("UpsampleNearestGrad", UpsampleNearestGrad, false, 2, 3),
	scaled2D("UpsampleBilinear", UpsampleBilinear, false, 3, 2), scaled2DBack("UpsampleBilinearGrad", UpsampleBilinearGrad, false, 3, 2),
	scaled2D("UpsampleNearest, channels last", UpsampleNearest, true, 2, 2), scaled2DBack("UpsampleNearestGrad, channels last", UpsampleNearestGrad, true, 2, 2),
	scaled2D("UpsampleBilinear, channels last", UpsampleBilinear, true, 2, 2), scaled2DBack("UpsampleBilinearGrad, channels last", UpsampleBilinearGrad, true, 2, 2),
)

// scalingOf is an enlargement of two planes, or of channels last.
func scalingOf(last bool, height, width, factorH, factorW int) *Scaling {
	g := &Scaling{Planes: 2, Height: height, Width: width, Inner: 1, FactorH: factorH, FactorW: factorW}
	if last {
		g.Planes, g.Inner = 1, 3
	}
	return g
}

// ofRow returns the numbers of elements of a row before and behind.
func (g *Scaling) ofRow() (x, y int) {
	x, y = g.sizes()
	return g.Planes * x, g.Planes * y
}

func scaled2D(name string, kernel func(p *Pool, y, x []float32, n int, g *Scaling), last bool, factorH, factorW int) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 30, rare: true, at: func(a, b int) call {
		g := scalingOf(last, a, b, factorH, factorW)
		before, behind := g.ofRow()
		return call{dst: []extent{rows(behind)}, src: []extent{rows(before)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], n, g) }}
	}}
}

func scaled2DBack(name string, kernel func(p *Pool, dx, dy []float32, n int, g *Scaling), last bool, factorH, factorW int) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 30, rare: true, at: func(a, b int) call {
		g := scalingOf(last, a, b, factorH, factorW)
		before, behind := g.ofRow()
		return call{dst: []extent{rows(before)}, src: []extent{rows(behind)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], n, g) }}
	}}
}

// blend is what a place is made of, worked out by itself: the first of two places, and the share of the second.
func blend(bilinear bool, at, factor, size int) (first int, share float32) {
	middle := 2*at + 1 - factor // in 1/(2·factor) of a place, from the middle of the first
	switch first = middle / (2 * factor); {
	case !bilinear:
		return at / factor, 0
	case middle < 0:
		return 0, 0
	case first >= size-1:
		return size - 1, 0
	}
	return first, float32(middle%(2*factor)) / float32(2*factor)
}

// Enlarged images and their gradients, place by place.
func TestImagesAreEnlarged(t *testing.T) {
	for _, g := range []*Scaling{
		{Planes: 2, Height: 4, Width: 5, Inner: 1, FactorH: 2, FactorW: 3},
		{Planes: 1, Height: 3, Width: 7, Inner: 3, FactorH: 3, FactorW: 2},
		{Planes: 3, Height: 1, Width: 9, Inner: 1, FactorH: 5, FactorW: 1},
		{Planes: 1, Height: 11, Width: 1, Inner: 20, FactorH: 4, FactorW: 1},
		{Planes: 1, Height: 2, Width: 3, Inner: 40, FactorH: 1, FactorW: 1},
		{Planes: 7, Height: 30, Width: 31, Inner: 1, FactorH: 2, FactorW: 2},
	} {
		const n = 2
		before, behind := g.ofRow()
		x, dy := draw("x", n*before, true), draw("dy", n*behind, true)
		for _, bilinear := range []bool{false, true} {
			want, wantBack := make([]float32, n*behind), make([]float32, n*before)
			first := make([]bool, n*before)
			for e := range want {
				k, column := e%g.Inner, e/g.Inner%(g.Width*g.FactorW)
				row, plane := e/g.Inner/g.Width/g.FactorW%(g.Height*g.FactorH), e/g.Inner/g.Width/g.FactorW/g.Height/g.FactorH
				i, down := blend(bilinear, row, g.FactorH, g.Height)
				j, across := blend(bilinear, column, g.FactorW, g.Width)
				at := func(i, j int) int { return ((plane*g.Height+i)*g.Width+j)*g.Inner + k }
				line := func(i int) float32 {
					v := x[at(i, j)]
					if across > 0 {
						v = float32((1-across)*v) + float32(across*x[at(i, j+1)])
					}
					return v
				}
				back := func(i int, share float32) {
					add := func(at int, v float32) {
						if !bilinear && !first[at] {
							wantBack[at], first[at] = v, true
							return
						}
						wantBack[at] += v
					}
					add(at(i, j), float32(share*float32((1-across)*dy[e])))
					if across > 0 {
						add(at(i, j+1), float32(share*float32(across*dy[e])))
					}
				}
				want[e] = line(i)
				back(i, 1-down)
				if down > 0 {
					want[e] = float32((1-down)*want[e]) + float32(down*line(i+1))
					back(i+1, down)
				}
			}
			enlarge, gradient := UpsampleNearest, UpsampleNearestGrad
			if bilinear {
				enlarge, gradient = UpsampleBilinear, UpsampleBilinearGrad
			}
			got, gotBack := make([]float32, n*behind), make([]float32, n*before)
			for _, workers := range []int{1, 2} {
				p := pool(t, workers)
				enlarge(p, got, x, n, g)
				sameBits(t, want, got, "%+v, bilinear %v, %d workers", *g, bilinear, workers)
				gradient(p, gotBack, dy, n, g)
				sameBits(t, wantBack, gotBack, "∂x of %+v, bilinear %v, %d workers", *g, bilinear, workers)
			}
		}
	}
}

// What PyTorch's torch.nn.functional.interpolate makes of 1, 2, 4 by a factor of 2, without aligned corners.
func TestInterpolation(t *testing.T) {
	g := &Scaling{Planes: 1, Height: 1, Width: 3, Inner: 1, FactorH: 1, FactorW: 2}
	y := make([]float32, 6)
	UpsampleBilinear(nil, y, []float32{1, 2, 4}, 1, g)
	assert.Equal(t, []float32{1, 1.25, 1.75, 2.5, 3.5, 4}, y)
	UpsampleNearest(nil, y, []float32{1, 2, 4}, 1, g)
	assert.Equal(t, []float32{1, 1, 2, 2, 4, 4}, y)
}

func TestUpsamplesAllocateNothing(t *testing.T) {
	g := scalingOf(true, 20, 30, 2, 2)
	before, behind := g.ofRow()
	x, y := draw("x", 8*before, true), make([]float32, 8*behind)
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			UpsampleNearest(p, y, x, 8, g)
			UpsampleBilinear(p, y, x, 8, g)
			UpsampleNearestGrad(p, x, y, 8, g)
			UpsampleBilinearGrad(p, x, y, 8, g)
		}), "%d workers", workers)
	}
}

func BenchmarkUpsample(b *testing.B) {
	const n = 8
	for _, last := range []bool{false, true} {
		g := &Scaling{Planes: 16, Height: 14, Width: 14, Inner: 1, FactorH: 2, FactorW: 2}
		name := "first"
		if last {
			g.Planes, g.Inner, name = 1, 16, "last"
		}
		before, behind := g.ofRow()
		x, y := draw("x", n*before, true), make([]float32, n*behind)
		for kernel, run := range map[string]func(){
			"nearest": func() { UpsampleNearest(nil, y, x, n, g) }, "nearest back": func() { UpsampleNearestGrad(nil, x, y, n, g) },
			"bilinear": func() { UpsampleBilinear(nil, y, x, n, g) }, "bilinear back": func() { UpsampleBilinearGrad(nil, x, y, n, g) },
		} {
			b.Run(kernel+" "+name, func(b *testing.B) {
				b.SetBytes(int64(4 * len(y)))
				for b.Loop() {
					run()
				}
			})
		}
	}
}
