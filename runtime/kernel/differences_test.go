package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// widen returns x in float64.
func widen(x []float32) []float64 {
	wide := make([]float64, len(x))
	for i, v := range x {
		wide[i] = float64(v)
	}
	return wide
}

// inner returns Σ x·y: with y the gradient of a result, the loss whose gradient a kernel has to compute.
func inner(x []float64, y []float32) float64 {
	sum := 0.0
	for i, v := range x {
		sum += v * float64(y[i])
	}
	return sum
}

// agrees compares a gradient with extrapolated central differences of f around x, in float64: within tolerance of
// the largest element, or of 0.01 where all are small: what cancels keeps the errors of what it came from.
func agrees(t *testing.T, what string, grad []float32, x []float64, f func() float64, tolerance float64) {
	t.Helper()
	difference := func(i int, h float64) float64 {
		old := x[i]
		defer func() { x[i] = old }()
		x[i] = old + h
		above := f()
		x[i] = old - h
		return (above - f()) / (2 * h)
	}
	want, largest := make([]float64, len(x)), 0.0
	for i := range x {
		want[i] = (4*difference(i, 1e-3) - difference(i, 2e-3)) / 3
		largest = max(largest, math.Abs(want[i]))
	}
	for i, v := range want {
		if !assert.InDelta(t, v, float64(grad[i]), tolerance*max(largest, 1e-2), "%s: element %d", what, i) {
			return
		}
	}
}
