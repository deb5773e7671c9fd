package kernel

// Rates that become gamma times as much again and again, after the warm-up (see schedule.go). What decides is the number
// of epochs of the whole run, of so many steps each, or that of the steps after the warm-up.

// StepRate returns lr·gamma^⌊e/n⌋ in step e after the warm-up.
func StepRate(lr float64, step uint64, warmup, n int, gamma float64) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return lr * power(gamma, (step-uint64(warmup))/uint64(n))
}

// StepRateByEpoch returns lr·gamma^⌊e/n⌋ in epoch e, of so many steps.
func StepRateByEpoch(lr float64, step, steps uint64, warmup, n int, gamma float64) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return lr * power(gamma, step/steps/uint64(n))
}

// MultistepRate returns lr·gamma^m in step e after the warm-up, where m of the numbers at are e or less.
func MultistepRate(lr float64, step uint64, warmup int, gamma float64, at ...int) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return lr * power(gamma, reached(step-uint64(warmup), at))
}

// MultistepRateByEpoch returns lr·gamma^m in epoch e, of so many steps, where m of the numbers at are e or less.
func MultistepRateByEpoch(lr float64, step, steps uint64, warmup int, gamma float64, at ...int) float64 {
	if step < uint64(warmup) {
		return warm(lr, step, warmup)
	}
	return lr * power(gamma, reached(step/steps, at))
}

// reached counts the numbers at, which rise, that are e or less.
func reached(e uint64, at []int) (count uint64) {
	for count < uint64(len(at)) && uint64(at[count]) <= e {
		count++
	}
	return count
}

// ExponentialRate returns lr·gammaᵉ in step e after the warm-up.
func ExponentialRate(lr float64, step uint64, warmup int, gamma float64) float64 {
	return StepRate(lr, step, warmup, 1, gamma)
}

// ExponentialRateByEpoch returns lr·gammaᵉ in epoch e, of so many steps.
func ExponentialRateByEpoch(lr float64, step, steps uint64, warmup int, gamma float64) float64 {
	return StepRateByEpoch(lr, step, steps, warmup, 1, gamma)
}
