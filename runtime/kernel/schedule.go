package kernel

import "math"

// A schedule gives the learning rate of a step, counted from 0. In the first steps, the warm-up, the rate is
// lr·(step + 1)/warmup; the schedule goes over the others. Where it has an end, which is at the step total, the rate
// stays what it is there.

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
	return wave(lr, least, progress(step, total, warmup))
}

// OneCycleRate returns a rate that rises from lr/div to lr on half a wave, until step u = rise·total − 1, and falls on
// another one to lr/(div·final), where the last step is. Where u is not above 0 it falls alone.
func OneCycleRate(lr float64, step, total uint64, rise, div, final float64) float64 {
	u, s := float64(rise*float64(total))-1, float64(min(step, total-1))
	if u > 0 && s <= u {
		return wave(lr/div, lr, s/u)
	}
	return wave(lr, lr/div/final, max(s-u, 0)/(float64(total)-1-u))
}

// wave goes from one number to another on half a wave, as q goes from 0 to 1.
func wave(from, to, q float64) float64 {
	return to + float64((from-to)*float64(0.5*(1+Cos(float64(math.Pi*q)))))
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
