package nnrt

// Mean gathers a weighted mean over rows that come in parts, in float64: what a loss is over a whole data set. The
// zero Mean is that of nothing.
type Mean struct {
	Sum, Weight float64
}

// Add takes in the mean of one part, and the weight that it was divided by.
func (m *Mean) Add(mean, weight float32) {
	m.Sum += float64(float64(mean) * float64(weight))
	m.Weight += float64(weight)
}

// Value is the mean of all parts, 0 where their weights add up to 0.
func (m Mean) Value() float64 {
	if m.Weight == 0 {
		return 0
	}
	return m.Sum / m.Weight
}
