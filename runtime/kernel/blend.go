package kernel

// AverageShare returns the share by which a step, counted from 0, moves the averages of parameters (Blend): 1 − decay, in
// the first 1.
func AverageShare(step uint64, decay float64) float32 {
	if step == 0 {
		return 1
	}
	return float32(1 - decay)
}

// BatchShare returns the share by which a batch of n rows moves the mean gradients of a step that has had so many rows
// before (Blend).
func BatchShare(rows, n uint64) float32 { return float32(float64(n) / float64(rows+n)) }
