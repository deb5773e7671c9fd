package kernel

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(slices.Concat(
	avgPools("pairs", Pool2D{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}, 0),
	avgPools("overlapping", Pool2D{KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 1, PadH: 1, PadW: 1}, 0),
	avgPools("of single elements", Pool2D{KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1}, 1),
	avgPools("gaps", Pool2D{KernelH: 2, KernelW: 1, StrideH: 3, StrideW: 2}, 0),
)...)

// avgPools are such windows, and their gradients, over places of inner elements, or any number of them.
func avgPools(what string, windows Pool2D, inner int) []specimen {
	at := func(a, width int) *Pool2D {
		if inner > 0 {
			return windows.over(a, 5, width, inner)
		}
		return windows.over(1, 5, width, a)
	}
	forward := specimen{name: "AvgPool2D, " + what, area: reduction, axes: 2, least: [3]int{0, 1, windows.KernelW}, rows: 50, rare: true, at: func(a, width int) call {
		g := at(a, width)
		return call{dst: []extent{rows(g.pooled())}, src: []extent{rows(g.images())}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { AvgPool2D(p, d[0], s[0], n, g) }}
	}}
	grad := specimen{name: "AvgPool2DGrad, " + what, area: reduction, axes: 2, least: [3]int{0, 1, windows.KernelW}, rows: 50, rare: true, at: func(a, width int) call {
		g := at(a, width)
		return call{dst: []extent{rows(g.images())}, src: []extent{rows(g.pooled())}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { AvgPool2DGrad(p, d[0], s[0], n, g) }}
	}}
	return []specimen{forward, grad}
}

// largePools have more elements in a window than a block.
var largePools = []*Pool2D{
	Pool2D{KernelH: 18, KernelW: 20, StrideH: 18, StrideW: 20}.over(3, 18, 20, 1),
	Pool2D{KernelH: 18, KernelW: 20, StrideH: 18, StrideW: 20}.over(1, 18, 20, 19),
	Pool2D{KernelH: 1, KernelW: 300, StrideH: 1, StrideW: 2}.over(2, 2, 310, 5),
	Pool2D{KernelH: 17, KernelW: 18, StrideH: 3, StrideW: 2, PadH: 8, PadW: 9}.over(2, 20, 22, 1),
	Pool2D{KernelH: 40, KernelW: 30, StrideH: 5, StrideW: 6, PadH: 20, PadW: 15}.over(1, 24, 23, 20),
}

func TestAvgPoolSumsInTheDocumentedOrder(t *testing.T) {
	all := append([]*Pool2D{}, largePools...)
	for i := range pools {
		all = append(all, &pools[i])
	}
	for _, g := range all {
		const n = 2
		taps := g.KernelH * g.KernelW
		x, dy := draw("x", n*g.images(), true), draw("dy", n*g.pooled(), true)
		want, y, wantDX, dx := make([]float32, len(dy)), make([]float32, len(dy)), make([]float32, len(x)), draw("dx", len(x), true)
		for i := range want {
			plane, window, k := i/g.results(), i/g.Inner%(g.OutH*g.OutW), i%g.Inner
			terms := make([]float32, taps)
			g.within(window, func(number, place int) {
				from := (plane*g.Height*g.Width+place)*g.Inner + k
				terms[number] = x[from]
				wantDX[from] += dy[i] / float32(taps)
			})
			want[i] = ordered(taps, 1, func(k int) term { return term{terms[k], 1} }) / float32(taps)
		}
		AvgPool2D(nil, y, x, n, g)
		if !sameBits(t, want, y, "%+v", *g) {
			return
		}
		AvgPool2DGrad(nil, dx, dy, n, g)
		if !sameBits(t, wantDX, dx, "∂x of %+v", *g) {
			return
		}
	}
}

// The mean of a plane in a border is, by hand, the sum of what there is over the size of the kernel.
func TestAvgPoolCountsItsBorder(t *testing.T) {
	g := Pool2D{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1}.over(1, 2, 2, 1)
	y, dx := make([]float32, 4), make([]float32, 4)
	AvgPool2D(nil, y, []float32{4, 8, 16, -2}, 1, g)
	assert.Equal(t, []float32{1, 2, 4, -0.5}, y)
	AvgPool2DGrad(nil, dx, []float32{4, 8, 16, -2}, 1, g)
	assert.Equal(t, []float32{1, 2, 4, -0.5}, dx)
}

func BenchmarkAvgPoolLast(b *testing.B) {
	const n = 64
	for _, c := range []struct{ channels, side, kernel int }{{8, 28, 2}, {16, 14, 2}, {32, 14, 2}, {64, 7, 7}} {
		g := Pool2D{KernelH: c.kernel, KernelW: c.kernel, StrideH: c.kernel, StrideW: c.kernel}.over(1, c.side, c.side, c.channels)
		x, dx, y, dy := draw("x", n*g.images(), true), make([]float32, n*g.images()), make([]float32, n*g.pooled()), draw("dy", n*g.pooled(), true)
		b.Run(fmt.Sprintf("forward/%dx%d,%d", c.side, c.channels, g.KernelH), func(b *testing.B) {
			for b.Loop() {
				AvgPool2D(nil, y, x, n, g)
			}
		})
		b.Run(fmt.Sprintf("grad/%dx%d,%d", c.side, c.channels, g.KernelH), func(b *testing.B) {
			for b.Loop() {
				AvgPool2DGrad(nil, dx, dy, n, g)
			}
		})
	}
}
