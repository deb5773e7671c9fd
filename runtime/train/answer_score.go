package train

import "github.com/nnc-lang/nnc/runtime/answer"

// answerScore gathers how well questions are answered, as SQuAD 1.1 measures it: the share of answers that meet a true one,
// and the mean of what they have in common with one, both in percent.
type answerScore struct {
	windows   *answer.Windows
	questions int
	exact     int
	f1        float64
}

// add judges the best answer by the scores of a question's windows. Without a finite score among them there is none.
func (s *answerScore) add(asked *answer.Asked, truths []string, scores [][]float32) error {
	s.questions++
	best, err := s.windows.Best(asked, scores, 1)
	if err == answer.ErrScores {
		return nil
	}
	if err != nil {
		return err
	}
	exact, f1 := answer.Judge(best[0].Text, truths)
	if exact {
		s.exact++
	}
	s.f1 += f1
	return nil
}

// measures are the two under the names that SQuAD gives them.
func (s *answerScore) measures() []measure {
	part := 100 / float64(s.questions)
	return []measure{{"EM", float64(s.exact) * part}, {"F1", s.f1 * part}}
}
