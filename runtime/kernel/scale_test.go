package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	scales("Scale", true, true), scales("Scale, channels last, without bias", false, false),
	scaleGrads("ScaleGrad", true), scaleGrads("ScaleGrad, channels last", false),
)

// scaleSizes are outer and inner of b positions.
func scaleSizes(first bool, b int) (outer, inner int) {
	if first {
		return 1, b
	}
	return b, 1
}

func scales(name string, first, bias bool) specimen {
	return specimen{name: name, area: reduction, axes: 2, rare: true, at: func(a, b int) call {
		outer, inner := scaleSizes(first, b)
		c := call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b), whole(a)}, rowwise: true, inPlace: []int{0}}
		if bias {
			c.src = append(c.src, whole(a))
		}
		c.run = func(p *Pool, d, s [][]float32, n int) {
			var b []float32
			if bias {
				b = s[2]
			}
			Scale(p, d[0], s[0], s[1], b, n, outer, a, inner)
		}
		return c
	}}
}

func scaleGrads(name string, first bool) specimen {
	return specimen{name: name, area: reduction, axes: 2, rare: true, at: func(a, b int) call {
		outer, inner := scaleSizes(first, b)
		return call{dst: []extent{rows(a * b), whole(a), whole(a)}, src: []extent{rows(a * b), whole(a), rows(a * b)},
			inPlace: []int{0, 2}, run: func(p *Pool, d, s [][]float32, n int) {
				ScaleGrad(p, d[0], d[1], d[2], s[0], s[1], s[2], n, outer, a, inner)
			}}
	}}
}

// Sums that nobody reads are not made, and neither is a gradient of the input.
func TestScaleGradMakesWhatIsAsked(t *testing.T) {
	x, w, dy := []float32{1, 2, 3, 4}, []float32{10, 20}, []float32{1, 1, 2, 3}
	dx, dw, db := make([]float32, 4), make([]float32, 2), make([]float32, 2)
	ScaleGrad(nil, dx, nil, nil, x, w, dy, 2, 1, 2, 1)
	assert.Equal(t, []float32{10, 20, 20, 60}, dx)
	ScaleGrad(nil, nil, dw, db, x, w, dy, 2, 1, 2, 1)
	assert.Equal(t, []float32{7, 14}, dw)
	assert.Equal(t, []float32{3, 4}, db)
	ScaleGrad(nil, nil, dw, nil, x, w[:1], dy, 2, 1, 1, 2)
	assert.Equal(t, float32(21), dw[0])
}
