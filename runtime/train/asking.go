package train

import (
	"context"
	"slices"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
)

// asking puts questions to a model, windows of several at a time, and hands on its scores of each question in the order in
// which they were asked.
type asking struct {
	ports  data.QuestionPorts
	output int // the one with the scores
	chunk  *chunk
	rows   int // windows in the chunk

	run  func(n int) ([][]float32, error)            // gives the model's outputs for the first n rows of the chunk
	each func(q *question, scores [][]float32) error // takes the scores of a question's windows

	open    []*underway // questions that wait for scores
	windows *answer.Windows
	unknown answer.Unknown
}

// underway is a question with the scores of its first windows.
type underway struct {
	*question
	scores [][]float32
}

// askedRows bounds the windows that are put to the model at a time, so that answers come soon.
const askedRows = 64

// newAsking makes what asks the model by windows; with targets its chunk has room for where the true answers are.
func (r *run) newAsking(w *answer.Windows, ports data.QuestionPorts, targets bool) *asking {
	c := predictChunk(&r.m, targets)
	if c.full.N > askedRows {
		c = outputChunk(&r.m, askedRows, targets)
	}
	by := slices.IndexFunc(r.m.Losses, func(l Loss) bool { return l.Target == 0 }) // the only target is the span
	return &asking{windows: w, ports: ports, output: r.m.Losses[by].Output, chunk: c}
}

// ask takes a question.
func (a *asking) ask(ctx context.Context, q *question) error {
	a.open = append(a.open, &underway{question: q})
	a.unknown.Add(a.windows, q.asked)
	for w := range q.asked.Windows {
		a.ports.Fill(a.chunk.full.Inputs, a.rows, &q.asked.Windows[w])
		if targets := a.chunk.full.Targets; targets != nil {
			start, end := q.target()
			targets[0].Int[2*a.rows], targets[0].Int[2*a.rows+1] = q.asked.Target(w, start, end)
		}
		if a.rows++; a.rows == a.chunk.full.N {
			if ctx.Err() != nil {
				return stoppedBy(ctx)
			}
			if err := a.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush has the model read what waits, and hands on the questions that are complete.
func (a *asking) flush() error {
	if a.rows == 0 {
		return nil
	}
	out, err := a.run(a.rows)
	if err != nil {
		return err
	}
	scores := out[a.output]
	size := len(scores) / a.rows
	for at := 0; at < a.rows; {
		q := a.open[0]
		for ; at < a.rows && len(q.scores) < len(q.asked.Windows); at++ {
			q.scores = append(q.scores, append([]float32(nil), scores[at*size:(at+1)*size]...))
		}
		if len(q.scores) < len(q.asked.Windows) {
			break
		}
		a.open = a.open[1:]
		if err := a.each(q.question, q.scores); err != nil {
			return err
		}
	}
	a.rows = 0
	return nil
}

// remarkUnknown says how much of what was asked the vocabulary does not know.
func (r *run) remarkUnknown(a *asking) {
	if said := a.unknown.Said(); said != "" {
		r.note("%s", said)
	}
}
