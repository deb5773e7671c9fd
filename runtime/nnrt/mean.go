package nnrt

// Mean is a weighted mean under way: that of a loss over many batches, each with the number of elements that its own
// loss was the mean of.
type Mean struct{ Sum, Weight float64 }

// Add takes in a mean of that weight.
func (m *Mean) Add(mean, weight float32) {
	m.Sum += float64(float64(mean) * float64(weight))
	m.Weight += float64(weight)
}

// Value returns the mean, 0 if it is of nothing.
func (m Mean) Value() float64 {
	if m.Weight == 0 {
		return 0
	}
	return m.Sum / m.Weight
}
