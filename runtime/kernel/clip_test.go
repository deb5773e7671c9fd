package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(specimen{name: "ClipValue", area: elementwise, axes: 1, at: func(a, _ int) call {
	return call{dst: []extent{state(rows(a))}, elementwise: true,
		run: func(p *Pool, d, _ [][]float32, n int) { ClipValue(p, d[0], n, a, 0.5) }}
}, mapped: func(d, _ [][]float32, n, a int) Map { return MapClipValue(d[0], n, a, 0.5) }})

func TestClipScaleCutsTheNormOfAll(t *testing.T) {
	for _, sizes := range [][]int{{1}, {5, 7}, {5000, 1, 0, 12_000}} {
		var grads [][]float32
		norm := 0.0
		for _, size := range sizes {
			g := draw("g", size, true)
			for _, v := range g {
				norm += float64(v) * float64(v)
			}
			grads = append(grads, g)
		}
		norm = math.Sqrt(norm)
		for _, most := range []float64{0.1, 1, norm / 2} {
			assert.InEpsilon(t, most/(norm+1e-6), ClipScale(nil, grads, most), 1e-6, "%v, %v", sizes, most)
		}
		assert.Equal(t, float32(1), ClipScale(nil, grads, norm*1.01), "nothing to cut")
		assert.Zero(t, testing.AllocsPerRun(5, func() { ClipScale(nil, grads, 1) }))

		grads[0][0] = float32(math.NaN())
		assert.True(t, isNaN(ClipScale(nil, grads, 1)))
	}
	assert.Equal(t, float32(1), ClipScale(nil, [][]float32{{0, 0}}, 1))
	assert.Equal(t, float32(0.5/(5+1e-6)), ClipScale(nil, [][]float32{{3}, {4}}, 0.5))
}

func TestClipValueCutsEachElement(t *testing.T) {
	inf := float32(math.Inf(1))
	g := []float32{-2, -0.5, -0.1, 0, 0.4, 0.6, inf, -inf, float32(math.NaN()), 9}
	ClipValue(nil, g, 3, 3, 0.5)
	assert.Equal(t, []float32{-0.5, -0.5, -0.1, 0, 0.4, 0.5, 0.5, -0.5}, g[:8])
	assert.True(t, isNaN(g[8]))
	assert.Equal(t, float32(9), g[9])
}
