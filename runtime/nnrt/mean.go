package nnrt

// Mean is a weighted mean under way: that of a loss over many batches, each with the number of elements that its own
// loss was the mean of. Of a loss that is the mean of several such means it is the first of them, and Others are the others.
type Mean struct {
	Sum, Weight float64
	Others      []Mean
}

// Add takes in a mean of that weight.
func (m *Mean) Add(mean, weight float32) {
	m.Sum += float64(float64(mean) * float64(weight))
	m.Weight += float64(weight)
}

// AddPart takes in a mean of that weight for one of those that a loss is the mean of, which count from 0.
func (m *Mean) AddPart(part int, mean, weight float32) {
	if part == 0 {
		m.Add(mean, weight)
		return
	}
	for len(m.Others) < part {
		m.Others = append(m.Others, Mean{})
	}
	m.Others[part-1].Add(mean, weight)
}

// Value returns the mean, or the mean of all of them; one of nothing is 0.
func (m Mean) Value() float64 {
	value := 0.0
	if m.Weight != 0 {
		value = m.Sum / m.Weight
	}
	for _, other := range m.Others {
		value += other.Value()
	}
	return value / float64(1+len(m.Others))
}
