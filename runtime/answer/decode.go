package answer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Answer is a piece of the passage.
type Answer struct {
	Text               string
	Start, End         int     // its bytes in the passage, the end exclusive
	RuneStart, RuneEnd int     // the same in code points
	Score              float64 // the score of its first token as a start and that of its last as an end, together: more is better

	Window, First, Last int // where the model found it: the window, and the positions of these tokens in it
}

// ErrScores is the error for scores that are no numbers.
var ErrScores = errors.New("the model's scores are not finite numbers: its weights may have diverged in training")

// Best are the n best answers by the scores of each window, [Length, 2], a start and an end for each position; fewer where
// there are no more. An answer is up to Longest tokens of the passage in one window. A place that several windows have
// counts by its best score; of equal scores the earlier window comes first, then the smaller start, then the smaller end.
func (w *Windows) Best(asked *Asked, scores [][]float32, n int) ([]Answer, error) {
	if len(scores) != len(asked.Windows) {
		return nil, fmt.Errorf("scores of %s, but the question has %d", phrase.Counted(len(scores), "window"), len(asked.Windows))
	}
	b := best{most: max(n, 1)}
	for i := range asked.Windows {
		if len(scores[i]) != 2*w.Length {
			return nil, fmt.Errorf("window %d: %d scores, but each of %s has a start and an end", i, len(scores[i]), phrase.Counted(w.Length, "position"))
		}
		b.add(asked, i, scores[i], w.Longest)
	}
	if len(b.answers) == 0 {
		return nil, ErrScores
	}
	for i := range b.answers {
		a := &b.answers[i]
		a.Text = asked.Passage[a.Start:a.End]
	}
	return b.answers, nil
}

// best collects the best answers, the best first.
type best struct {
	most    int
	answers []Answer
}

// add takes the answers of a window.
func (b *best) add(asked *Asked, window int, scores []float32, longest int) {
	w := &asked.Windows[window]
	for i, from := range w.Tokens {
		start := float64(scores[2*(w.First+i)])
		for j := i; j < len(w.Tokens) && j-i < longest; j++ {
			score := start + float64(scores[2*(w.First+j)+1])
			if score-score != 0 || len(b.answers) == b.most && score <= b.answers[b.most-1].Score {
				continue
			}
			to := w.Tokens[j]
			b.put(Answer{Start: from.Start, End: to.End, RuneStart: from.RuneStart, RuneEnd: to.RuneEnd, Score: score,
				Window: window, First: w.First + i, Last: w.First + j})
		}
	}
}

// put puts an answer behind those that are as good, unless its place has one.
func (b *best) put(a Answer) {
	at := slices.IndexFunc(b.answers, func(o Answer) bool { return o.Start == a.Start && o.End == a.End })
	switch {
	case at >= 0 && b.answers[at].Score >= a.Score:
		return
	case at >= 0:
		b.answers = slices.Delete(b.answers, at, at+1)
	case len(b.answers) == b.most:
		b.answers = b.answers[:b.most-1]
	}
	behind := slices.IndexFunc(b.answers, func(o Answer) bool { return o.Score < a.Score })
	if behind < 0 {
		behind = len(b.answers)
	}
	b.answers = slices.Insert(b.answers, behind, a)
}
