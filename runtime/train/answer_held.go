package train

import (
	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// heldQuestions judges the answers to the questions whose windows are the rows of a set.
type heldQuestions struct {
	set   *dataset.Set
	score answerScore
	open  map[int]*heldQuestion // by their places, those that wait for scores
}

// heldQuestion is a question with the scores of those of its windows that have been.
type heldQuestion struct {
	asked  *answer.Asked
	scores [][]float32 // by window
	scored int
}

// heldQuestionsOf is what judges the set, nil where its rows ask nothing.
func heldQuestionsOf(set *dataset.Set) *heldQuestions {
	q := set.Questions()
	if q == nil {
		return nil
	}
	return &heldQuestions{set: set, score: answerScore{windows: q.Windows()}, open: map[int]*heldQuestion{}}
}

// namesMetrics reports whether the job or the spec says what is to be measured.
func (r *run) namesMetrics() bool { return len(r.job.Metrics)+len(r.m.Metrics) > 0 }

// add takes the scores of rows.
func (h *heldQuestions) add(rows []int, scores []float32) error {
	size := len(scores) / len(rows)
	for i, row := range rows {
		at, window := h.set.Asks(row)
		q := h.open[at]
		if q == nil {
			asked, err := h.set.Questions().Ask(at)
			if err != nil {
				return err
			}
			q = &heldQuestion{asked: asked, scores: make([][]float32, len(asked.Windows))}
			h.open[at] = q
		}
		q.scores[window] = append([]float32(nil), scores[i*size:(i+1)*size]...)
		if q.scored++; q.scored < len(q.scores) {
			continue
		}
		delete(h.open, at)
		if err := h.score.add(q.asked, h.set.Questions().At(at).Answers, q.scores); err != nil {
			return err
		}
	}
	return nil
}
