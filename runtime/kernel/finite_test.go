package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFinite(t *testing.T) {
	p := NewPool(3)
	for _, n := range []int{0, 1, 7, 16, 4095, 4097, 3 * 16384, worthMapping + 5} {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(i%7) - 3
		}
		for _, pool := range []*Pool{nil, p} {
			assert.True(t, Finite(pool, x), "%d", n)
			for _, at := range []int{0, n / 2, n - 1} {
				if at < 0 || n == 0 {
					continue
				}
				for _, v := range []float32{math.MaxFloat32, -1e30} {
					before := x[at]
					x[at] = v
					assert.True(t, Finite(pool, x), "%g at %d of %d, whose square overflows", v, at, n)
					x[at] = before
				}
				for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
					before := x[at]
					x[at] = float32(v)
					assert.False(t, Finite(pool, x), "%g at %d of %d", v, at, n)
					x[at] = before
				}
			}
		}
	}
	x := make([]float32, 5000)
	assert.Zero(t, testing.AllocsPerRun(10, func() { Finite(nil, x); Finite(p, x) }))
}

func BenchmarkFinite(b *testing.B) {
	x := make([]float32, 13*64+64+64*64+64+64+1)
	for b.Loop() {
		Finite(nil, x)
	}
}
