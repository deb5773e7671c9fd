package kernel

// AverageShare returns the share by which a step, counted from 0, moves the averages of parameters (Blend): 1 − decay, in
// the first 1.
func AverageShare(step uint64, decay float64) float32 {
	if step == 0 {
		return 1
	}
	return float32(1 - decay)
}
