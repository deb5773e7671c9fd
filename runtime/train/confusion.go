package train

import "math"

// confusion counts which class was taken for which: [actual][predicted].
type confusion [][]int

func newConfusion(classes int) confusion {
	m := make(confusion, classes)
	for i := range m {
		m[i] = make([]int, classes)
	}
	return m
}

// classScore is how well one class is told from the others. The scores of a class that occurs neither among truths nor
// among predictions are undefined: not numbers.
type classScore struct {
	Name      string `json:"class"`
	Precision figure `json:"precision"` // of the predictions of the class, the right ones; 0 if there are none
	Recall    figure `json:"recall"`    // of the rows of the class, those found; 0 if there are none
	F1        figure `json:"f1"`        // their harmonic mean
	Rows      int    `json:"rows"`      // of the class
}

// scores are those of the classes in order.
func (m confusion) scores(names []string) []classScore {
	var scores []classScore
	for c := range m {
		h := classHits{right: m[c][c]}
		for k := range m {
			h.rows += m[c][k]
			h.predicted += m[k][c]
		}
		s := classScore{Name: names[c], Precision: figure(h.precision()), Recall: figure(h.recall()), F1: figure(h.f1()), Rows: h.rows}
		if !h.occurs() {
			s.Precision, s.Recall, s.F1 = figure(math.NaN()), figure(math.NaN()), figure(math.NaN())
		}
		scores = append(scores, s)
	}
	return scores
}
