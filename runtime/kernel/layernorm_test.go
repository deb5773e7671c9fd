package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "LayerNorm", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), rows(1), rows(1)}, src: []extent{rows(a), whole(a), whole(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LayerNorm(p, d[0], d[1], d[2], s[0], s[1], s[2], n, a, 1e-5) }}
	}},
	specimen{name: "LayerNormGrad", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), whole(a), rows(1), rows(1), rows(a)}, rowwise: true, inPlace: []int{0, 4},
			run: func(p *Pool, d, s [][]float32, n int) { LayerNormGrad(p, d[0], s[0], s[1], s[2], s[3], s[4], n, a) }}
	}},
	specimen{name: "LayerNorm, without bias and results", area: reduction, axes: 1, least: [3]int{0, 1}, rare: true, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), whole(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LayerNorm(p, d[0], nil, nil, s[0], s[1], nil, n, a, 1e-5) }}
	}},
	specimen{name: "LayerNorm, without weight and bias", area: reduction, axes: 1, least: [3]int{0, 1}, rare: true, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), rows(1), rows(1)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LayerNorm(p, d[0], d[1], d[2], s[0], nil, nil, n, a, 1e-5) }}
	}},
	specimen{name: "LayerNormGrad, without weight", area: reduction, axes: 1, least: [3]int{0, 1}, rare: true, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(1), rows(1), rows(a)}, rowwise: true, inPlace: []int{0, 3},
			run: func(p *Pool, d, s [][]float32, n int) { LayerNormGrad(p, d[0], s[0], nil, s[1], s[2], s[3], n, a) }}
	}},
	layerNormGradAffines("LayerNormGradAffine", 1), layerNormGradAffines("LayerNormGradAffine, 3 positions", 3),
)

func layerNormGradAffines(name string, positions int) specimen {
	return specimen{name: name, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{whole(a), whole(a)}, src: []extent{rows(positions * a), rows(positions), rows(positions), rows(positions * a)},
			run: func(p *Pool, d, s [][]float32, n int) {
				LayerNormGradAffine(p, d[0], d[1], s[0], s[1], s[2], s[3], n, positions, a)
			}}
	}}
}

// layerNorm64 is the definition. w and b may be nil.
func layerNorm64(x, w, b []float64, n, size int, epsilon float64) []float64 {
	y := make([]float64, n*size)
	for r := range n {
		mean, variance := 0.0, 0.0
		for _, v := range x[r*size:][:size] {
			mean += v / float64(size)
		}
		for _, v := range x[r*size:][:size] {
			variance += (v - mean) * (v - mean) / float64(size)
		}
		for i, v := range x[r*size:][:size] {
			y[r*size+i] = (v - mean) / math.Sqrt(variance+epsilon)
			if w != nil {
				y[r*size+i] *= w[i]
			}
			if b != nil {
				y[r*size+i] += b[i]
			}
		}
	}
	return y
}

func TestLayerNormAgreesWithFloat64(t *testing.T) {
	const epsilon = 1e-2 // large enough to be seen
	for _, size := range []int{2, 3, 16, 37} {
		for _, n := range []int{1, 6} {
			x, w, b, dy := draw("x", n*size, true), draw("w", size, true), draw("b", size, true), draw("dy", n*size, true)
			for name, c := range map[string]struct{ w, b []float32 }{"affine": {w, b}, "no bias": {w, nil}, "plain": {nil, nil}} {
				what := fmt.Sprintf("%s, %d rows of %d", name, n, size)
				x64, w64, b64 := widen(x), widen(w), widen(b)
				if c.w == nil {
					w64 = nil
				}
				if c.b == nil {
					b64 = nil
				}
				y, mean, rstd := make([]float32, n*size), make([]float32, n), make([]float32, n)
				LayerNorm(nil, y, mean, rstd, x, c.w, c.b, n, size, epsilon)
				for i, v := range layerNorm64(x64, w64, b64, n, size, epsilon) {
					assert.InDelta(t, v, float64(y[i]), 3e-6, "%s: element %d", what, i)
				}
				alone := make([]float32, n*size)
				LayerNorm(nil, alone, nil, nil, x, c.w, c.b, n, size, epsilon)
				sameBits(t, y, alone, "%s, whoever reads the moments", what)

				loss := func() float64 { return inner(layerNorm64(x64, w64, b64, n, size, epsilon), dy) }
				dx := make([]float32, n*size)
				LayerNormGrad(nil, dx, x, c.w, mean, rstd, dy, n, size)
				agrees(t, what+", ∂x", dx, x64, loss, 1e-5)
				dw, db := make([]float32, size), make([]float32, size)
				LayerNormGradAffine(nil, dw, db, x, mean, rstd, dy, n, 1, size)
				if c.w != nil {
					agrees(t, what+", ∂w", dw, w64, loss, 1e-5)
				}
				if c.b != nil {
					agrees(t, what+", ∂b", db, b64, loss, 1e-5)
				}
			}
		}
	}
}

func TestLayerNormOfEqualElementsIsTheBias(t *testing.T) {
	y, b := make([]float32, 4), []float32{1, 2, 3, 4}
	LayerNorm(nil, y, nil, nil, []float32{7, 7, 7, 7}, []float32{2, 2, 2, 2}, b, 1, 4, 1e-5)
	assert.Equal(t, b, y)
}

func TestLayerNormsAffineGradientsSumByBlocks(t *testing.T) {
	for _, c := range []struct{ n, positions, size int }{{600, 1, 3}, {7, 100, 18}, {3, 300, 5}} {
		terms := c.n * c.positions
		x, dy := draw("x", terms*c.size, true), draw("dy", terms*c.size, true)
		mean, rstd := draw("mean", terms, true), draw("rstd", terms, false)
		dw, db := make([]float32, c.size), make([]float32, c.size)
		LayerNormGradAffine(nil, dw, db, x, mean, rstd, dy, c.n, c.positions, c.size)
		products(t, "∂w", dw, terms, c.positions, none, func(i, k int) term {
			return term{dy[k*c.size+i] * ((x[k*c.size+i] - mean[k]) * rstd[k]), 1}
		})
		products(t, "∂b", db, terms, c.positions, none, func(i, k int) term { return term{dy[k*c.size+i], 1} })
		only := make([]float32, c.size)
		LayerNormGradAffine(nil, only, nil, x, mean, rstd, dy, c.n, c.positions, c.size)
		sameBits(t, dw, only, "without ∂b")
		LayerNormGradAffine(nil, nil, only, x, mean, rstd, dy, c.n, c.positions, c.size)
		sameBits(t, db, only, "without ∂w")
	}
}
