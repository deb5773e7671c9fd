package kernel

import (
	"fmt"
	"testing"
)

// Rows of few and of many positions, with blocks left over, so that four are added up at once in every way that there is.
var manyPositions = []struct{ n, positions int }{
	{9, 1}, {2050, 1}, {43, 49}, {13, 196}, {9, 256}, {9, 257}, {6, 600}, {5, 784}, {4, 1023}, {3, 1024}, {2, 1500}, {1, 3100}, {3, 2304},
}

func TestFourBlocksAtOnceHaveTheSumsOfEach(t *testing.T) {
	for _, c := range manyPositions {
		for _, channels := range []int{1, 3, 8, 9, 16, 17, 32, 40, 64, 70} {
			what := fmt.Sprintf("%d rows of %d positions, %d channels", c.n, c.positions, channels)
			terms := c.n * c.positions
			size := terms * channels
			x, dy := draw("x", size, true), draw("dy", size, true)
			want, got := make([]float32, channels), make([]float32, channels)
			for k := range want {
				want[k] = ordered(terms, c.positions, func(r int) term { return term{dy[r*channels+k], 1} })
			}
			LinearGradBias(nil, got, dy, c.n, c.positions, channels)
			if !sameBits(t, want, got, "%s", what) {
				return
			}
			normalised := func() (all []float32) {
				y, dx := make([]float32, size), make([]float32, size)
				mean, rstd, dw, db := make([]float32, channels), make([]float32, channels), make([]float32, channels), make([]float32, channels)
				w, b, runMean, runVar := draw("w", channels, true), draw("b", channels, true), make([]float32, channels), make([]float32, channels)
				BatchNorm(nil, y, mean, rstd, runMean, runVar, []int64{0}, x, w, b, c.n, c.positions, channels, 1, 1e-5, 0.1)
				BatchNormGrad(nil, dx, dw, db, x, w, mean, rstd, dy, c.n, c.positions, channels, 1)
				for _, part := range [][]float32{y, dx, mean, rstd, runMean, runVar, dw, db} {
					all = append(all, part...)
				}
				return all
			}
			var all []float32
			portably(func() { all = normalised() })
			for _, w := range widths() {
				w.in(func() { sameBits(t, all, normalised(), "%s, %s", what, w.name) })
			}
		}
	}
}
