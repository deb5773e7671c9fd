package kernel

// WeightedSum returns w₀·x₀ + w₁·x₁ + …, added in this order: terms holds all of x, then all of w.
func WeightedSum(terms ...float32) float32 {
	x, w := terms[:len(terms)/2], terms[len(terms)/2:]
	sum := float32(w[0] * x[0])
	for i := 1; i < len(x); i++ {
		sum += float32(w[i] * x[i])
	}
	return sum
}
