package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "RMSNorm", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), rows(1)}, src: []extent{rows(a), whole(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { RMSNorm(p, d[0], d[1], s[0], s[1], n, a, 1e-5) }}
	}},
	specimen{name: "RMSNorm, alone", area: reduction, axes: 1, least: [3]int{0, 1}, rare: true, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { RMSNorm(p, d[0], nil, s[0], nil, n, a, 1e-5) }}
	}},
	specimen{name: "RMSNormGrad", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), whole(a), rows(1), rows(a)}, rowwise: true, inPlace: []int{0, 3},
			run: func(p *Pool, d, s [][]float32, n int) { RMSNormGrad(p, d[0], s[0], s[1], s[2], s[3], n, a) }}
	}},
	specimen{name: "RMSNormGrad, without weight", area: reduction, axes: 1, least: [3]int{0, 1}, rare: true, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(1), rows(a)}, rowwise: true, inPlace: []int{0, 2},
			run: func(p *Pool, d, s [][]float32, n int) { RMSNormGrad(p, d[0], s[0], nil, s[1], s[2], n, a) }}
	}},
	specimen{name: "RMSNormGradWeight", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{whole(a)}, src: []extent{rows(3 * a), rows(3), rows(3 * a)},
			run: func(p *Pool, d, s [][]float32, n int) { RMSNormGradWeight(p, d[0], s[0], s[1], s[2], n, 3, a) }}
	}},
)

// rmsNorm64 is the definition. w may be nil.
func rmsNorm64(x, w []float64, n, size int, epsilon float64) []float64 {
	y := make([]float64, n*size)
	for r := range n {
		squares := 0.0
		for _, v := range x[r*size:][:size] {
			squares += v * v
		}
		for i, v := range x[r*size:][:size] {
			y[r*size+i] = v / math.Sqrt(squares/float64(size)+epsilon)
			if w != nil {
				y[r*size+i] *= w[i]
			}
		}
	}
	return y
}

func TestRMSNormAgreesWithFloat64(t *testing.T) {
	const epsilon = 1e-2 // large enough to be seen
	for _, size := range []int{1, 2, 3, 16, 37} {
		for _, n := range []int{1, 6} {
			x, w, dy := draw("x", n*size, true), draw("w", size, true), draw("dy", n*size, true)
			for _, affine := range []bool{true, false} {
				what := fmt.Sprintf("affine %v, %d rows of %d", affine, n, size)
				x64, w64 := widen(x), widen(w)
				if !affine {
					w, w64 = nil, nil
				}
				y, rstd := make([]float32, n*size), make([]float32, n)
				RMSNorm(nil, y, rstd, x, w, n, size, epsilon)
				for i, v := range rmsNorm64(x64, w64, n, size, epsilon) {
					assert.InDelta(t, v, float64(y[i]), 2e-6, "%s: element %d", what, i)
				}
				loss := func() float64 { return inner(rmsNorm64(x64, w64, n, size, epsilon), dy) }
				dx, dw := make([]float32, n*size), make([]float32, size)
				RMSNormGrad(nil, dx, x, w, rstd, dy, n, size)
				agrees(t, what+", ∂x", dx, x64, loss, 1e-5)
				if affine {
					RMSNormGradWeight(nil, dw, x, rstd, dy, n, 1, size)
					agrees(t, what+", ∂w", dw, w64, loss, 1e-5)
				}
			}
		}
	}
}

func TestRMSNormAddsByTheRules(t *testing.T) {
	const size = 5003
	x, y, rstd, terms := draw("x", size, true), make([]float32, size), []float32{0}, make([]float32, size)
	for i, v := range x {
		terms[i] = v * v
	}
	want := float32(1 / math.Sqrt(float64(inLanes(terms)/size)+1e-3))
	RMSNorm(nil, y, rstd, x, nil, 1, size, 1e-3)
	sameBits(t, []float32{want}, rstd, "along elements")
	sameBits(t, []float32{x[size-1] * want}, y[size-1:], "the last")

	const n, positions, few = 7, 100, 18
	dy, deviations, dw := draw("dy", n*positions*few, true), draw("rstd", n*positions, false), make([]float32, few)
	x = draw("x", n*positions*few, true)
	RMSNormGradWeight(nil, dw, x, deviations, dy, n, positions, few)
	products(t, "∂w", dw, n*positions, positions, none, func(i, k int) term {
		return term{dy[k*few+i] * (x[k*few+i] * deviations[k]), 1}
	})
}
