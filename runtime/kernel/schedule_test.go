package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSchedulesAgreeWithTheirFormulas(t *testing.T) {
	for _, total := range []uint64{1, 2, 7, 100, 100_000} {
		for _, warmup := range []int{0, 1, 5, 30} {
			for _, least := range []float64{0, 0.01} {
				const lr = 0.3
				if uint64(warmup) >= total {
					continue
				}
				for step := uint64(0); step < 2*total; step += 1 + total/150 {
					constant, line, cosine := lr, least, least
					if k, most := float64(step)-float64(warmup), float64(total)-float64(warmup); k < 0 {
						constant = lr * float64(step+1) / float64(warmup)
						line, cosine = constant, constant
					} else if k < most {
						line = least + (lr-least)*(1-k/most)
						cosine = least + (lr-least)*(1+math.Cos(math.Pi*k/most))/2
					}
					const error = 1e-16
					assert.InDelta(t, constant, ConstantRate(lr, step, warmup), error)
					assert.InDelta(t, line, LinearRate(lr, step, total, warmup, least), error, "line, step %d of %d", step, total)
					assert.InDelta(t, cosine, CosineRate(lr, step, total, warmup, least), 3*error, "cosine, step %d of %d", step, total)
				}
			}
		}
	}
}

func TestSchedulesBeginAndEndExactly(t *testing.T) {
	for name, rate := range map[string]func(lr float64, step, total uint64, warmup int, least float64) float64{"linear": LinearRate, "cosine": CosineRate} {
		assert.Equal(t, 0.1, rate(0.1, 0, 50, 0, 0), name)
		assert.Equal(t, 0.1, rate(0.1, 4, 50, 5, 0), name+": the last step of the warm-up")
		assert.Equal(t, 0.1, rate(0.1, 5, 50, 5, 0), name+": the first one after it")
		assert.Greater(t, rate(0.1, 49, 50, 5, 0.02), 0.02, name+": the last step is not yet at the end")
		assert.Equal(t, 0.02, rate(0.1, 50, 50, 5, 0.02), name)
		assert.Equal(t, 0.02, rate(0.1, math.MaxUint64, 50, 5, 0.02), name)
	}
}

func TestRoundedIsTheNearestFloat32(t *testing.T) {
	const ulp = 0x1p-23
	for x, want := range map[float64]float32{0.1: 0.1, 1 + 0.4*ulp: 1, 1 + 0.6*ulp: 1 + ulp, -1e-3: -1e-3, 0: 0} {
		assert.Equal(t, want, Rounded(x))
	}
}
