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

// What counts steps begins to count behind the warm-up; what counts epochs counts those of the whole run.
func TestDecays(t *testing.T) {
	const lr, gamma, warmup, error = 0.3, 0.7, 5, 1e-16
	at := []int{2, 3, 11}
	count := func(e int) (m float64) {
		for _, n := range at {
			if n <= e {
				m++
			}
		}
		return m
	}
	for s := range 60 {
		want := func(e int, times func(e int) float64) float64 {
			if s < warmup {
				return lr * float64(s+1) / warmup
			}
			return lr * math.Pow(gamma, times(e))
		}
		step, epoch := uint64(s), s/4
		thirds, each := func(e int) float64 { return float64(e / 3) }, func(e int) float64 { return float64(e) }
		assert.InDelta(t, want(s-warmup, thirds), StepRate(lr, step, warmup, 3, gamma), error, s)
		assert.InDelta(t, want(epoch, thirds), StepRateByEpoch(lr, step, 4, warmup, 3, gamma), error, s)
		assert.InDelta(t, want(s-warmup, count), MultistepRate(lr, step, warmup, gamma, at...), error, s)
		assert.InDelta(t, want(epoch, count), MultistepRateByEpoch(lr, step, 4, warmup, gamma, at...), error, s)
		assert.InDelta(t, want(s-warmup, each), ExponentialRate(lr, step, warmup, gamma), error, s)
		assert.InDelta(t, want(epoch, each), ExponentialRateByEpoch(lr, step, 4, warmup, gamma), error, s)
	}
	assert.Zero(t, ExponentialRate(lr, math.MaxUint64, warmup, gamma))
}

// The cycle begins at lr/div, is at lr in step rise·N − 1 and ends, in the last step, at lr/(div·final); there it stays.
func TestOneCycle(t *testing.T) {
	const error = 1e-17
	assert.InDelta(t, 0.1/25, OneCycleRate(0.1, 0, 100, 0.25, 25, 1e4), error)
	assert.InDelta(t, (0.1+0.1/25)/2, OneCycleRate(0.1, 12, 100, 0.25, 25, 1e4), error)
	assert.InDelta(t, 0.1, OneCycleRate(0.1, 24, 100, 0.25, 25, 1e4), error)
	assert.Less(t, OneCycleRate(0.1, 25, 100, 0.25, 25, 1e4), 0.1)
	for _, last := range []uint64{99, 100, math.MaxUint64} {
		assert.InDelta(t, 0.1/25/1e4, OneCycleRate(0.1, last, 100, 0.25, 25, 1e4), error)
	}
	assert.InDelta(t, 0.1, OneCycleRate(0.1, 0, 20, 0.05, 25, 1e4), error, "u = 0: it falls from the start")
	assert.InDelta(t, 0.1/25/1e4, OneCycleRate(0.1, 0, 1, 0.3, 25, 1e4), error, "the only step is the last")
}

func TestPlateau(t *testing.T) {
	var p Plateau
	rate := 1.0
	next := func(loss float64) float64 {
		rate = p.Next(rate, loss, 0.5, 1, 0.1, 2, 0.2)
		return rate
	}
	nan := math.NaN()
	for i, c := range []struct{ loss, rate float64 }{
		{nan, 1}, {10, 1}, // what is no number is not better, what is is
		{9.5, 1}, {9.1, 0.5}, // better by less than a tenth does not count: twice is once too often
		{20, 0.5}, {20, 0.5}, {20, 0.5}, {nan, 0.25}, // two do not count, two do
		{8.9, 0.25}, {8.9, 0.25}, {8.9, 0.25}, {8.9, 0.2}, // better within those that do not count; not below the least
		{8.9, 0.2}, {8.9, 0.2}, {8.9, 0.2}, {8.9, 0.2}, // no change
	} {
		assert.Equal(t, c.rate, next(c.loss), "epoch %d", i)
	}
	assert.Equal(t, 8.9, p.Best)
	p = Plateau{}
	p.Next(1e-8, 1, 0, 0, 0, 0, 0)
	assert.Equal(t, 1e-8, p.Next(1e-8, 1, 0, 0, 0, 0, 0), "a change of 1e-8 is not made")
	assert.Equal(t, 0.0, p.Next(1.1e-8, 1, 0, 0, 0, 0, 0))
}
