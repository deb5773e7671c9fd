package kernel

import "math"

// A schedule gives the learning rate of a step, counted from 0, of total steps. In its first steps, the warm-up, the
// rate is lr·(step + 1)/warmup; the schedule goes over the others. From the step total on, the rate stays where the
// schedule ends.

// ConstantRate returns lr after the warm-up.
func ConstantRate(lr float64, step uint64, warmup int) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return lr
}

// LinearRate returns a rate that falls from lr to least on a line: least + (lr − least)·(1 − k/K) at step k of the K
// steps after the warm-up.
func LinearRate(lr float64, step, total uint64, warmup int, least float64) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return least + float64((lr-least)*(1-progress(step, total, warmup)))
}

// CosineRate returns a rate that falls from lr to least on half a wave: least + (lr − least)·½(1 + cos(πk/K)) at
// step k of the K steps after the warm-up.
func CosineRate(lr float64, step, total uint64, warmup int, least float64) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return least + float64((lr-least)*float64(0.5*(1+Cos(float64(math.Pi*progress(step, total, warmup))))))
}

func warm(lr float64, step uint64, warmup int) float64 {
	return float64(lr*float64(step+1)) / float64(warmup)
}

// progress returns k/K, 1 from the end on.
func progress(step, total uint64, warmup int) float64 {
	if step >= total {
		return 1
	}
	return float64(step-uint64(warmup)) / float64(total-uint64(warmup))
}

// Rounded returns the rate of a step as the updates of parameters take it.
func Rounded(x float64) float32 { return float32(x) }
