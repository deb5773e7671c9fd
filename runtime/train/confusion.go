package train

// confusion counts which class was taken for which: [actual][predicted].
type confusion [][]int

// maxReported bounds the classes of a report by class.
const maxReported = 50

func newConfusion(classes int) confusion {
	m := make(confusion, classes)
	for i := range m {
		m[i] = make([]int, classes)
	}
	return m
}

func (m confusion) add(c *comparison) {
	c.classes(func(actual, predicted int) { m[actual][predicted]++ })
}

// classScore is how well one class is told from the others.
type classScore struct {
	Name      string  `json:"class"`
	Precision float64 `json:"precision"` // of the predictions of the class, the right ones; 0 if there are none
	Recall    float64 `json:"recall"`    // of the rows of the class, those found; 0 if there are none
	F1        float64 `json:"f1"`        // their harmonic mean
	Rows      int     `json:"rows"`      // of the class
}

// scores are those of the classes in order.
func (m confusion) scores(names []string) []classScore {
	var scores []classScore
	for c := range m {
		right, rows, predicted := m[c][c], 0, 0
		for k := range m {
			rows += m[c][k]
			predicted += m[k][c]
		}
		s := classScore{Name: names[c], Rows: rows}
		if predicted > 0 {
			s.Precision = float64(right) / float64(predicted)
		}
		if rows > 0 {
			s.Recall = float64(right) / float64(rows)
		}
		if rows+predicted > 0 {
			s.F1 = float64(2*right) / float64(rows+predicted)
		}
		scores = append(scores, s)
	}
	return scores
}
