package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// evalAnswers measures the answers to questions: the loss of all windows; how well the answers meet the true ones; the
// metrics that the job names, of windows.
func (r *run) evalAnswers(ctx context.Context, codec *data.Codec, named []Metric) error {
	if err := r.refuseForQuestions(); err != nil {
		return err
	}
	w, ports, err := r.questionWindows(codec)
	if err != nil {
		return err
	}
	qs, err := r.questionFiles(w, true)
	if err != nil {
		return err
	}
	defer qs.close()
	e := newEvaluation(&r.m, data.TargetsOf(r.m.Inputs, r.m.Targets), named)
	score, rows, impossible := answerScore{windows: w}, 0, 0
	a := r.newAsking(w, ports, true)
	a.run = func(n int) ([][]float32, error) {
		rows += n
		return a.chunk.outputs(n), e.add(n, a.chunk)
	}
	a.each = func(q *question, scores [][]float32) error { return score.add(q.asked, q.truths(), scores) }
	for {
		q, err := qs.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if len(q.answers) == 0 {
			impossible++
		}
		if err := a.ask(ctx, q); err != nil {
			return err
		}
	}
	if err := a.flush(); err != nil {
		return err
	}
	if score.questions == 0 {
		return fmt.Errorf("%s: there is no question", r.job.Data[0])
	}
	r.remarkUnknown(a)
	if impossible > 0 {
		r.note("%d of %s marked as without an answer, and count as answered wrongly: the model always answers", impossible, phrase.Counted(score.questions, "question"))
	}
	measures := append(score.measures(), e.measures()...)
	if r.job.JSON {
		return writeRecord(r.stdout, evalRecord{Event: "eval", Rows: rows, Questions: score.questions, Loss: finite(e.loss()), Metrics: metricMap(measures)})
	}
	out := tabwriter.NewWriter(r.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "questions\t%d\nwindows\t%d\nloss\t%s\n", score.questions, rows, number(e.loss()))
	for _, m := range measures {
		fmt.Fprintf(out, "%s\t%s\n", m.name, number(m.value))
	}
	return out.Flush()
}
