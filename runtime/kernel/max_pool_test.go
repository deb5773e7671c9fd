package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// pools are windows that overlap, leave gaps, reach over the border, and leave rows and columns over.
var pools = []Pool2D{
	{Planes: 1, Height: 4, Width: 4, Inner: 1, KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, OutH: 2, OutW: 2},
	{Planes: 3, Height: 5, Width: 7, Inner: 1, KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1, OutH: 5, OutW: 4},
	{Planes: 2, Height: 7, Width: 6, Inner: 1, KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, OutH: 4, OutW: 3},
	{Planes: 2, Height: 5, Width: 5, Inner: 1, KernelH: 1, KernelW: 1, StrideH: 3, StrideW: 3, OutH: 2, OutW: 2},
	{Planes: 4, Height: 3, Width: 5, Inner: 1, KernelH: 3, KernelW: 5, StrideH: 3, StrideW: 5, OutH: 1, OutW: 1},
	{Planes: 1, Height: 4, Width: 4, Inner: 8, KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, OutH: 2, OutW: 2},
	{Planes: 2, Height: 5, Width: 7, Inner: 3, KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1, OutH: 5, OutW: 4},
	{Planes: 1, Height: 7, Width: 6, Inner: 21, KernelH: 3, KernelW: 4, StrideH: 2, StrideW: 1, PadH: 1, PadW: 2, OutH: 4, OutW: 7},
	{Planes: 1, Height: 5, Width: 5, Inner: 2, KernelH: 1, KernelW: 1, StrideH: 3, StrideW: 3, OutH: 2, OutW: 2},
	{Planes: 1, Height: 1, Width: 9, Inner: 16, KernelH: 1, KernelW: 3, StrideH: 1, StrideW: 2, PadW: 1, OutH: 1, OutW: 5},
	{Planes: 1, Height: 130, Width: 70, Inner: 9, KernelH: 130, KernelW: 70, StrideH: 1, StrideW: 1, OutH: 1, OutW: 1}, // more than one call
	{Planes: 1, Height: 41, Width: 300, Inner: 9, KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, OutH: 20, OutW: 150},
	{Planes: 1, Height: 9, Width: 61, Inner: 1000, KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, OutH: 5, OutW: 31},
	{Planes: 1, Height: 6, Width: 60, Inner: 1008, KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, OutH: 3, OutW: 30},
}

var _ = also(
	specimen{name: "MaxPool2D", area: movement, rows: 18, at: func(_, _ int) call {
		return call{dst: []extent{rows(60), rows(60)}, src: []extent{rows(105)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { MaxPool2D(p, d[0], ints(d[1]), s[0], n, &pools[1]) }}
	}},
	specimen{name: "MaxPool2DGrad", area: reduction, rows: 18, at: func(_, _ int) call {
		return call{dst: []extent{rows(105)}, src: []extent{rows(60), indices(rows(60), 35)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { MaxPool2DGrad(p, d[0], ints(s[1]), s[0], n, &pools[1]) }}
	}},
	maxPools("MaxPool2D, pairs", Pool2D{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}),
	maxPools("MaxPool2D, overlapping", Pool2D{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1}),
	maxPools("MaxPool2D, one apart", Pool2D{KernelH: 2, KernelW: 3, StrideH: 1, StrideW: 1, PadW: 1}),
	maxPools("MaxPool2D, single elements", Pool2D{KernelH: 3, KernelW: 1, StrideH: 3, StrideW: 1}),
	maxPools("MaxPool2D, wide windows", Pool2D{KernelH: 1, KernelW: 5, StrideH: 1, StrideW: 2, PadW: 2}),
	maxPools("MaxPool2D, gaps", Pool2D{KernelH: 1, KernelW: 1, StrideH: 2, StrideW: 2}),
	maxPoolsOfLanes("MaxPool2D, pairs of channels", Pool2D{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}),
	maxPoolsOfLanes("MaxPool2D, overlapping, of channels", Pool2D{KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 1, PadH: 1, PadW: 1}),
	maxPoolsOfLanes("MaxPool2D, gaps between channels", Pool2D{KernelH: 2, KernelW: 1, StrideH: 3, StrideW: 2}),
	maxPoolGradsOfLanes("MaxPool2DGrad, pairs of channels", Pool2D{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}),
	maxPoolGradsOfLanes("MaxPool2DGrad, overlapping, of channels", Pool2D{KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 1, PadH: 1, PadW: 1}),
	maxPoolGradsOfLanes("MaxPool2DGrad, gaps between channels", Pool2D{KernelH: 2, KernelW: 1, StrideH: 3, StrideW: 2}),
)

// over returns such windows over planes.
func (g Pool2D) over(planes, height, width, inner int) *Pool2D {
	g.Planes, g.Height, g.Width, g.Inner = planes, height, width, inner
	g.OutH, g.OutW = (g.Height+2*g.PadH-g.KernelH)/g.StrideH+1, (g.Width+2*g.PadW-g.KernelW)/g.StrideW+1
	return &g
}

// images returns the number of elements of a row of x.
func (g *Pool2D) images() int { return g.Planes * g.size() }

// pooled returns the number of elements of a row of y.
func (g *Pool2D) pooled() int { return g.Planes * g.results() }

// maxPools are such windows over planes of any width.
func maxPools(name string, g Pool2D) specimen {
	return specimen{name: name, area: movement, axes: 1, least: [3]int{0, g.KernelW}, rows: 50, at: func(width, _ int) call {
		return maxPoolCall(g.over(2, 5, width, 1))
	}}
}

// maxPoolsOfLanes are such windows over places of any number of elements.
func maxPoolsOfLanes(name string, g Pool2D) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, g.KernelW}, rows: 50, rare: true, at: func(inner, width int) call {
		return maxPoolCall(g.over(1, 5, width, inner))
	}}
}

func maxPoolCall(g *Pool2D) call {
	return call{dst: []extent{rows(g.pooled()), rows(g.pooled())}, src: []extent{rows(g.images())}, rowwise: true,
		run: func(p *Pool, d, s [][]float32, n int) { MaxPool2D(p, d[0], ints(d[1]), s[0], n, g) }}
}

// maxPoolGradsOfLanes are their gradients at the places that have been found.
func maxPoolGradsOfLanes(name string, g Pool2D) specimen {
	return specimen{name: name, area: reduction, axes: 2, least: [3]int{0, 1, g.KernelW}, rows: 50, rare: true, at: func(inner, width int) call {
		g := g.over(1, 5, width, inner)
		return call{dst: []extent{rows(g.images()), rows(g.pooled()), rows(g.pooled())}, src: []extent{rows(g.images()), rows(g.pooled())}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				MaxPool2D(p, d[1], ints(d[2]), s[0], n, g)
				MaxPool2DGrad(p, d[0], ints(d[2]), s[1], n, g)
			}}
	}}
}

// maxPool64 is the definition: over a plane in a border of −∞.
func maxPool64(x []float64, n int, g *Pool2D) []float64 {
	var y []float64
	for i := range n * g.pooled() {
		plane, window, k := i/g.results(), i/g.Inner%(g.OutH*g.OutW), i%g.Inner
		top := math.Inf(-1)
		g.within(window, func(_, place int) { top = max(top, x[(plane*g.Height*g.Width+place)*g.Inner+k]) })
		y = append(y, top)
	}
	return y
}

// within goes through the elements of a window that lie in the plane: the number of each in the kernel, and its place.
func (g *Pool2D) within(window int, f func(number, place int)) {
	for number := range g.KernelH * g.KernelW {
		row := window/g.OutW*g.StrideH - g.PadH + number/g.KernelW
		column := window%g.OutW*g.StrideW - g.PadW + number%g.KernelW
		if row >= 0 && row < g.Height && column >= 0 && column < g.Width {
			f(number, row*g.Width+column)
		}
	}
}

func TestMaxPoolAgreesWithItsDefinition(t *testing.T) {
	for _, g := range pools {
		for _, n := range []int{1, 3} {
			what := fmt.Sprintf("%d of %+v", n, g)
			in, out := n*g.images(), n*g.pooled()
			x, dy := make([]float32, in), draw("dy", out, true)
			for i := range x { // apart from one another, negative ones among them
				x[i] = float32(i*7919%1_000_003)*0.0005 - 100
			}
			x64 := widen(x)
			y, at := make([]float32, out), make([]int32, out)
			MaxPool2D(nil, y, at, x, n, &g)
			assert.Equal(t, maxPool64(x64, n, &g), widen(y), what)
			dx, want := draw("dx", in, true), make([]float32, in)
			for i, v := range y {
				from := (i/g.results()*g.Height*g.Width+int(at[i]))*g.Inner + i%g.Inner
				assert.Equal(t, v, x[from], "%s: place %d", what, i)
				want[from] += dy[i]
			}
			alone := make([]float32, out)
			MaxPool2D(nil, alone, nil, x, n, &g)
			assert.Equal(t, y, alone)

			MaxPool2DGrad(nil, dx, at, dy, n, &g)
			sameBits(t, want, dx, "%s", what)
			if in < 1000 {
				agrees(t, what, dx, x64, func() float64 { return inner(maxPool64(x64, n, &g), dy) }, 1e-6)
			}
		}
	}
}

// Both layouts have the same results, each where it lies.
func TestMaxPoolIsTheSameInBothLayouts(t *testing.T) {
	const n, channels, size = 3, 11, 7 * 9
	for _, windows := range []Pool2D{
		{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}, {KernelH: 3, KernelW: 3, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1},
	} {
		first, last := windows.over(channels, 7, 9, 1), windows.over(1, 7, 9, channels)
		results := first.OutH * first.OutW
		out := n * first.pooled()
		x, dy := draw("x", n*channels*size, true), draw("dy", out, true)
		for i := 0; i < len(x); i += 3 { // NaNs and equals among them
			x[i] = special[i%len(special)]
		}
		turnedX, turnedDY := make([]float32, len(x)), make([]float32, out)
		ChannelsLast(nil, turnedX, x, n, channels, size)
		ChannelsLast(nil, turnedDY, dy, n, channels, results)

		y, at, dx := make([]float32, out), make([]int32, out), make([]float32, len(x))
		MaxPool2D(nil, y, at, x, n, first)
		MaxPool2DGrad(nil, dx, at, dy, n, first)
		gotY, gotAt, gotDX, back := make([]float32, out), make([]float32, out), make([]float32, len(x)), make([]float32, len(x))
		MaxPool2D(nil, gotY, ints(gotAt), turnedX, n, last)
		MaxPool2DGrad(nil, gotDX, ints(gotAt), turnedDY, n, last)
		ChannelsFirst(nil, back, gotY, n, channels, results)
		assert.NoError(t, difference(y, back[:out]))
		ChannelsFirst(nil, back, gotAt, n, channels, results)
		assert.Equal(t, at, ints(back[:out]))
		ChannelsFirst(nil, back, gotDX, n, channels, size)
		assert.NoError(t, difference(dx, back))
	}
}

func TestMaxPoolTakesTheFirstOfEqualsAndNaNs(t *testing.T) {
	nan, low := float32(math.NaN()), float32(math.Inf(-1))
	for _, c := range []struct {
		x    [9]float32
		want float32
		at   int32
	}{
		{[9]float32{1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, 0},
		{[9]float32{1, 2, 3, 4, 9, 5, 9, 9, 6}, 9, 4},
		{[9]float32{low, low, low, low, low, low, low, low, low}, low, 0},
		{[9]float32{low, low, -3, low, low, low, low, low, -3}, -3, 2},
		{[9]float32{1, 2, nan, 4, 100, nan, 7, 8, 9}, nan, 2},
		{[9]float32{nan, 2, 3, 4, 5, 6, 7, 8, float32(math.Inf(1))}, nan, 0},
	} {
		y, at := []float32{0}, []int32{-1}
		MaxPool2D(nil, y, at, c.x[:], 1, &Pool2D{Planes: 1, Height: 3, Width: 3, Inner: 1, KernelH: 3, KernelW: 3, StrideH: 3, StrideW: 3, OutH: 1, OutW: 1})
		assert.Equal(t, c.at, at[0], "%v", c.x)
		assert.True(t, y[0] == c.want || isNaN(y[0]) && isNaN(c.want), "%v: %v", c.x, y[0])
	}
	// An all-lowest window at the corner of the border still has a place in the plane.
	y, at := []float32{0}, []int32{-1}
	MaxPool2D(nil, y, at, []float32{low}, 1, &Pool2D{Planes: 1, Height: 1, Width: 1, Inner: 1, KernelH: 2, KernelW: 2, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, OutH: 1, OutW: 1})
	assert.Equal(t, []int32{0}, at)
	assert.Equal(t, []float32{low}, y)
}

func BenchmarkMaxPoolLast(b *testing.B) {
	const n = 64
	for _, c := range []struct{ channels, side int }{{8, 28}, {16, 14}, {32, 14}} {
		for _, windows := range []Pool2D{{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}, {KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1}} {
			g := windows.over(1, c.side, c.side, c.channels)
			x, dx, y, at, dy := draw("x", n*g.images(), true), make([]float32, n*g.images()), make([]float32, n*g.pooled()), make([]int32, n*g.pooled()), draw("dy", n*g.pooled(), true)
			b.Run(fmt.Sprintf("forward/%dx%d,%d", c.side, c.channels, g.KernelH), func(b *testing.B) {
				for b.Loop() {
					MaxPool2D(nil, y, at, x, n, g)
				}
			})
			b.Run(fmt.Sprintf("grad/%dx%d,%d", c.side, c.channels, g.KernelH), func(b *testing.B) {
				for b.Loop() {
					MaxPool2DGrad(nil, dx, at, dy, n, g)
				}
			})
		}
	}
}
