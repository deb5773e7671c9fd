package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// permutationOf is the geometry that brings axes of those sizes into an order.
func permutationOf(sizes []int, order ...int) *Permutation {
	g := &Permutation{}
	for _, axis := range order {
		step := 1
		for _, d := range sizes[axis+1:] {
			step *= d
		}
		g.Sizes, g.Steps = append(g.Sizes, sizes[axis]), append(g.Steps, step)
	}
	return g
}

var _ = also(
	permuted("Permute", func(a, b int) *Permutation { return permutationOf([]int{a, b}, 1, 0) }, 1),
	permuted("Permute, matrices behind each other", func(a, b int) *Permutation { return permutationOf([]int{3, a, b}, 0, 2, 1) }, 3),
	permuted("Permute, runs", func(a, b int) *Permutation { return permutationOf([]int{a, 3, b}, 1, 0, 2) }, 3),
	permuted("Permute, axes reversed", func(a, b int) *Permutation { return permutationOf([]int{a, 3, b}, 2, 1, 0) }, 3),
)

func permuted(name string, geometry func(a, b int) *Permutation, times int) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 40, rare: true, at: func(a, b int) call {
		g := geometry(a, b)
		return call{dst: []extent{rows(times * a * b)}, src: []extent{rows(times * a * b)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { Permute(p, d[0], s[0], n, g) }}
	}}
}

// Every order of up to four axes, of sizes with and without eights.
func TestAxesChangePlaces(t *testing.T) {
	for _, sizes := range [][]int{{5}, {9, 17}, {3, 1, 20}, {8, 3, 16}, {2, 19, 5, 9}, {1, 1, 1, 1}, {40, 3, 300}} {
		orders(len(sizes), func(order []int) {
			g := permutationOf(sizes, order...)
			size := 1
			for _, d := range sizes {
				size *= d
			}
			for _, n := range []int{0, 1, 3} {
				x := draw("x", n*size, true)
				want, got := make([]float32, len(x)), make([]float32, len(x))
				for i := range want {
					left, from := i%size, i/size*size
					for axis := len(order) - 1; axis >= 0; axis-- {
						from += left % g.Sizes[axis] * g.Steps[axis]
						left /= g.Sizes[axis]
					}
					want[i] = x[from]
				}
				for _, workers := range []int{1, 2} {
					clear(got)
					Permute(pool(t, workers), got, x, n, g)
					sameBits(t, want, got, "%v as %v, %d rows, %d workers", sizes, order, n, workers)
				}
			}
		})
	}
}

// orders goes through the orders of so many axes.
func orders(axes int, f func(order []int)) {
	var grow func(order []int)
	grow = func(order []int) {
		if len(order) == axes {
			f(order)
		}
	next:
		for axis := range axes {
			for _, taken := range order {
				if taken == axis {
					continue next
				}
			}
			grow(append(order[:len(order):len(order)], axis))
		}
	}
	grow(nil)
}

func TestPermuteAllocatesNothing(t *testing.T) {
	g := permutationOf([]int{40, 20, 30}, 2, 1, 0)
	x, y := draw("x", 8*24000, true), make([]float32, 8*24000)
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() { Permute(p, y, x, 8, g) }), "%d workers", workers)
	}
}

func BenchmarkPermute(b *testing.B) {
	const n = 32
	sizes := []int{8, 32, 64}
	for _, order := range [][]int{{1, 0, 2}, {2, 1, 0}, {0, 2, 1}, {1, 2, 0}} {
		g := permutationOf(sizes, order...)
		x, y := draw("x", n*8*32*64, true), make([]float32, n*8*32*64)
		b.Run(fmt.Sprint(order), func(b *testing.B) {
			b.SetBytes(int64(8 * len(x)))
			for b.Loop() {
				Permute(nil, y, x, n, g)
			}
		})
	}
}
