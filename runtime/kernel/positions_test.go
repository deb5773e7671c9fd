package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	positions("Mean", func(p *Pool, y, x, _ []float32, n, size, inner int) { Mean(p, y, x, n, size, inner) }),
	positionsBack("MeanGrad", func(p *Pool, dx, dy, _ []float32, n, size, inner int) { MeanGrad(p, dx, dy, n, size, inner) }),
	positions("MaskedMean", MaskedMean), positionsBack("MaskedMeanGrad", MaskedMeanGrad),
	positions("Last", Last), positionsBack("LastGrad", LastGrad),
	specimen{name: "NotZero", area: movement, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{indices(rows(a), 3)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { NotZero(p, d[0], ints(s[0]), n, a) }}
	}},
	specimen{name: "FirstPositions", area: movement, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{indices(rows(1), a+1)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { FirstPositions(p, d[0], ints(s[0]), n, a) }}
	}},
)

// someOf makes a mask of numbers of which about half are 0.
func someOf(x []float32) []float32 {
	mask := make([]float32, len(x))
	for i, v := range x {
		if v > 0 {
			mask[i] = v
		}
	}
	return mask
}

// positions is of a kernel whose mask is made of integers' bits: as floats they are 0 and a number that is not.
func positions(name string, kernel func(p *Pool, y, x, mask []float32, n, size, inner int)) specimen {
	return specimen{name: name, area: reduction, axes: 2, least: [3]int{0, 1, 1}, rows: 60, rare: true, at: func(a, b int) call {
		return call{dst: []extent{rows(b)}, src: []extent{rows(a * b), indices(rows(a), 2)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], n, a, b) }}
	}}
}

func positionsBack(name string, kernel func(p *Pool, dx, dy, mask []float32, n, size, inner int)) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 60, rare: true, at: func(a, b int) call {
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(b), indices(rows(a), 2)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], n, a, b) }}
	}}
}

// The sums of a mean have blocks of 256 positions, or are reductions where one number is at each; with a mask there are no blocks.
func TestMeansAddInOrder(t *testing.T) {
	for _, c := range []struct{ n, size, inner int }{{1, 1, 1}, {3, 5, 7}, {2, 300, 3}, {2, 700, 70}, {70, 9000, 1}, {5, 17, 1}} {
		x := draw("x", c.n*c.size*c.inner, true)
		mask := someOf(draw("mask", c.n*c.size, true))
		clear(mask[:c.size]) // a row in which none takes part
		for _, workers := range []int{1, 2} {
			p := pool(t, workers)
			all, masked := make([]float32, c.n*c.inner), make([]float32, c.n*c.inner)
			wantAll, wantSome := make([]float32, len(all)), make([]float32, len(all))
			Mean(p, all, x, c.n, c.size, c.inner)
			MaskedMean(p, masked, x, mask, c.n, c.size, c.inner)
			for i := range all {
				at := func(t int) float32 { return x[(i/c.inner*c.size+t)*c.inner+i%c.inner] }
				var total, some float32
				for from := 0; from < c.size; from += block {
					var part float32
					for t := from; t < min(from+block, c.size); t++ {
						part += at(t)
					}
					total += part
				}
				if c.inner == 1 {
					total = 0
					for from := 0; from < c.size; from += laneBlock {
						var lanes Lanes
						for t := from; t < min(from+laneBlock, c.size); t++ {
							lanes[(t-from)&15] += at(t)
						}
						total += lanes.Sum()
					}
				}
				wantAll[i] = total / float32(c.size)
				count := 0
				for t := range c.size {
					if mask[i/c.inner*c.size+t] != 0 {
						some += at(t)
						count++
					}
				}
				if count > 0 {
					wantSome[i] = some / float32(count)
				}
			}
			sameBits(t, wantAll, all, "%+v, %d workers", c, workers)
			sameBits(t, wantSome, masked, "%+v with a mask, %d workers", c, workers)
		}
	}
}

// What takes no part is not looked at: a NaN there does no harm.
func TestPositionsThatTakeNoPart(t *testing.T) {
	nan := float32(math.NaN())
	x := []float32{1, 2, nan, nan, 5, 6, nan, nan, nan, nan, nan, nan}
	mask := []float32{-1, 0, nan, 0, 0, 0}
	y, dx := make([]float32, 4), make([]float32, 12)
	MaskedMean(nil, y, x, mask, 2, 3, 2)
	assert.Equal(t, []float32{3, 4, 0, 0}, y)
	Last(nil, y, x, mask, 2, 3, 2)
	assert.Equal(t, []float32{5, 6, 0, 0}, y)
	MaskedMeanGrad(nil, dx, []float32{8, 4, nan, nan}, mask, 2, 3, 2)
	assert.Equal(t, []float32{4, 2, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0}, dx)
	LastGrad(nil, dx, []float32{8, 4, nan, nan}, mask, 2, 3, 2)
	assert.Equal(t, []float32{0, 0, 0, 0, 8, 4, 0, 0, 0, 0, 0, 0}, dx)

	NotZero(nil, y, []int32{0, 3, -1, 1}, 2, 2)
	assert.Equal(t, []float32{0, 1, 1, 1}, y)
	FirstPositions(nil, dx, []int32{0, 4, 1}, 3, 4)
	assert.Equal(t, []float32{0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0}, dx)
}

func TestPositionsAllocateNothing(t *testing.T) {
	x, mask, y := draw("x", 64*90*20, true), someOf(draw("mask", 64*90, true)), make([]float32, 64*20)
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			Mean(p, y, x, 64, 90, 20)
			MaskedMean(p, y, x, mask, 64, 90, 20)
			Last(p, y, x, mask, 64, 90, 20)
			MeanGrad(p, x, y, 64, 90, 20)
		}), "%d workers", workers)
	}
}
