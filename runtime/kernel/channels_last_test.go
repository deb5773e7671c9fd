package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	turned("ChannelsLast", ChannelsLast), turned("ChannelsFirst", ChannelsFirst),
	kernelPanelling("ToFilters", ToFilters), kernelPanelling("FromFilters", FromFilters),
)

func turned(name string, kernel func(p *Pool, y, x []float32, n, channels, positions int)) specimen {
	return specimen{name: name, area: movement, axes: 2, rows: 80, at: func(a, b int) call {
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], n, a, b) }}
	}}
}

// kernelPanelling is of weights with two groups and a window of 3 elements.
func kernelPanelling(name string, kernel func(p *Pool, y, x []float32, out, in, window, groups int)) specimen {
	return specimen{name: name, area: movement, axes: 2, rare: true, at: func(a, b int) call {
		return call{dst: []extent{whole(6 * a * b)}, src: []extent{whole(6 * a * b)},
			run: func(p *Pool, d, s [][]float32, _ int) { kernel(p, d[0], s[0], 2*b, 2*a, 3, 2) }}
	}}
}

func TestChannelsChangePlaces(t *testing.T) {
	for _, c := range []struct{ n, channels, positions int }{
		{1, 1, 1}, {2, 1, 5}, {3, 4, 1}, {1, 3, 784}, {2, 8, 49}, {2, 16, 1030}, {1, 17, 9}, {1, 1500, 40}, {0, 3, 4},
	} {
		x := draw("x", c.n*c.channels*c.positions, true)
		want, got, back := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
		for i, v := range x {
			position, channel, row := i%c.positions, i/c.positions%c.channels, i/c.positions/c.channels
			want[(row*c.positions+position)*c.channels+channel] = v
		}
		for _, workers := range []int{1, 2} {
			p := pool(t, workers)
			ChannelsLast(p, got, x, c.n, c.channels, c.positions)
			sameBits(t, want, got, "%+v to last, %d workers", c, workers)
			ChannelsFirst(p, back, want, c.n, c.channels, c.positions)
			sameBits(t, x, back, "%+v to first, %d workers", c, workers)
		}
	}
}

func TestFiltersAreTheOrderOfConvolutions(t *testing.T) {
	for _, g := range convs {
		x := draw("x", g.kernels(), true)
		want, got, back := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
		window, in := g.KernelH*g.KernelW, g.In/g.Groups
		for i, v := range x {
			o, c, k := i/window/in, i/window%in, i%window
			want[g.weight(o, k*in+c)] = v
		}
		ToFilters(nil, got, x, g.Out, g.In, window, g.Groups)
		sameBits(t, want, got, "%+v to panels", *g)
		FromFilters(nil, back, want, g.Out, g.In, window, g.Groups)
		sameBits(t, x, back, "%+v from panels", *g)
	}
}

func TestLayoutsAllocateNothing(t *testing.T) {
	x, y := draw("x", 64*16*49, true), make([]float32, 64*16*49)
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			ChannelsLast(p, y, x, 64, 16, 49)
			ChannelsFirst(p, y, x, 64, 16, 49)
			ToFilters(p, y, x, 64, 16, 49, 1)
			FromFilters(p, y, x, 64, 16, 49, 1)
		}), "%d workers", workers)
	}
}

func BenchmarkChannelsLast(b *testing.B) {
	for _, c := range []struct{ channels, positions int }{{3, 784}, {8, 784}, {16, 196}, {32, 49}} {
		const n = 64
		x, y := draw("x", n*c.channels*c.positions, true), make([]float32, n*c.channels*c.positions)
		b.Run(fmt.Sprintf("last/%dx%d", c.channels, c.positions), func(b *testing.B) {
			b.SetBytes(int64(8 * len(x)))
			for b.Loop() {
				ChannelsLast(nil, y, x, n, c.channels, c.positions)
			}
		})
		b.Run(fmt.Sprintf("first/%dx%d", c.channels, c.positions), func(b *testing.B) {
			b.SetBytes(int64(8 * len(x)))
			for b.Loop() {
				ChannelsFirst(nil, y, x, n, c.channels, c.positions)
			}
		})
	}
}
