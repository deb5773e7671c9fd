package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// pools are windows that overlap, leave gaps, reach over the border, and leave rows and columns over.
var pools = []Pool2D{
	{Channels: 1, Height: 4, Width: 4, KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, OutH: 2, OutW: 2},
	{Channels: 3, Height: 5, Width: 7, KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1, OutH: 5, OutW: 4},
	{Channels: 2, Height: 7, Width: 6, KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, OutH: 4, OutW: 3},
	{Channels: 2, Height: 5, Width: 5, KernelH: 1, KernelW: 1, StrideH: 3, StrideW: 3, OutH: 2, OutW: 2},
	{Channels: 4, Height: 3, Width: 5, KernelH: 3, KernelW: 5, StrideH: 3, StrideW: 5, OutH: 1, OutW: 1},
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
)

// maxPools are such windows over planes of any width.
func maxPools(name string, g Pool2D) specimen {
	return specimen{name: name, area: movement, axes: 1, least: [3]int{0, g.KernelW}, rows: 50, at: func(width, _ int) call {
		g := g
		g.Channels, g.Height, g.Width = 2, 5, width
		g.OutH, g.OutW = (g.Height+2*g.PadH-g.KernelH)/g.StrideH+1, (g.Width+2*g.PadW-g.KernelW)/g.StrideW+1
		in, out := g.Channels*g.Height*g.Width, g.Channels*g.OutH*g.OutW
		return call{dst: []extent{rows(out), rows(out)}, src: []extent{rows(in)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { MaxPool2D(p, d[0], ints(d[1]), s[0], n, &g) }}
	}}
}

// maxPool64 is the definition: over a plane in a border of −∞.
func maxPool64(x []float64, n int, g *Pool2D) []float64 {
	var y []float64
	for c := range n * g.Channels {
		element := func(i, j int) float64 {
			if i < 0 || j < 0 || i >= g.Height || j >= g.Width {
				return math.Inf(-1)
			}
			return x[(c*g.Height+i)*g.Width+j]
		}
		for i := range g.OutH {
			for j := range g.OutW {
				top := math.Inf(-1)
				for a := range g.KernelH {
					for b := range g.KernelW {
						top = max(top, element(i*g.StrideH-g.PadH+a, j*g.StrideW-g.PadW+b))
					}
				}
				y = append(y, top)
			}
		}
	}
	return y
}

func TestMaxPoolAgreesWithItsDefinition(t *testing.T) {
	for _, g := range pools {
		for _, n := range []int{1, 3} {
			what := fmt.Sprintf("%d of %+v", n, g)
			in, out := n*g.Channels*g.Height*g.Width, n*g.Channels*g.OutH*g.OutW
			x, dy := make([]float32, in), draw("dy", out, true)
			for i := range x { // apart from one another, negative ones among them
				x[i] = float32(i*7919%10007)*0.05 - 100
			}
			x64 := widen(x)
			y, at := make([]float32, out), make([]int32, out)
			MaxPool2D(nil, y, at, x, n, &g)
			assert.Equal(t, maxPool64(x64, n, &g), widen(y), what)
			for i, v := range y {
				plane := i / (g.OutH * g.OutW) * g.Height * g.Width
				assert.Equal(t, v, x[plane+int(at[i])], "%s: place %d", what, i)
			}
			alone := make([]float32, out)
			MaxPool2D(nil, alone, nil, x, n, &g)
			assert.Equal(t, y, alone)

			dx := draw("dx", in, true)
			MaxPool2DGrad(nil, dx, at, dy, n, &g)
			agrees(t, what, dx, x64, func() float64 { return inner(maxPool64(x64, n, &g), dy) }, 1e-6)
		}
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
		MaxPool2D(nil, y, at, c.x[:], 1, &Pool2D{Channels: 1, Height: 3, Width: 3, KernelH: 3, KernelW: 3, StrideH: 3, StrideW: 3, OutH: 1, OutW: 1})
		assert.Equal(t, c.at, at[0], "%v", c.x)
		assert.True(t, y[0] == c.want || isNaN(y[0]) && isNaN(c.want), "%v: %v", c.x, y[0])
	}
	// An all-lowest window at the corner of the border still has a place in the plane.
	y, at := []float32{0}, []int32{-1}
	MaxPool2D(nil, y, at, []float32{low}, 1, &Pool2D{Channels: 1, Height: 1, Width: 1, KernelH: 2, KernelW: 2, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, OutH: 1, OutW: 1})
	assert.Equal(t, []int32{0}, at)
	assert.Equal(t, []float32{low}, y)
}
