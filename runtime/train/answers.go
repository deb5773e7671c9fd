package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// Asking is what a job says of questions to answer.
type Asking struct {
	Question string `json:"question,omitempty"` // one, about the passage
	Passage  string `json:"passage,omitempty"`  // a file with the text that answers it; - is standard input
	Best     int    `json:"best,omitempty"`     // answers to each question; 0: one
}

// asks reports whether anything is said of them.
func (a *Asking) asks() bool { return *a != Asking{} }

// answerColumns are those of an answer; where there are several to a question a rank stands before them.
var answerColumns = []string{"answer", "score", "start", "end", "start_byte", "end_byte"}

// maxBest bounds the answers to a question.
const maxBest = 1000

// answersQuestions reports whether what the job gives the model are questions about passages.
func (r *run) answersQuestions(codec *data.Codec) bool {
	spans := slices.ContainsFunc(r.m.Targets, func(p data.Port) bool { return p.Judged != nil && p.Judged.Kind == data.Span })
	return r.job.asks() || codec != nil && codec.Windows() != nil || r.job.Tokenizer != "" && spans
}

// questionPorts are where the model takes windows.
func (r *run) questionPorts() (data.QuestionPorts, error) {
	ports, err := data.FindQuestionPorts(r.m.Inputs, r.m.Targets)
	if err != nil {
		return ports, usage{fmt.Errorf("the model %s does not answer questions: %w", r.m.Name, err)}
	}
	return ports, nil
}

// questionWindows are what the model reads questions in: those that it was trained with, or, of weights that no training of
// nnc made, the usual ones with the vocabulary of --tokenizer.
func (r *run) questionWindows(codec *data.Codec) (*answer.Windows, data.QuestionPorts, error) {
	ports, err := r.questionPorts()
	if err != nil {
		return nil, ports, err
	}
	switch {
	case codec == nil && r.job.Tokenizer == "":
		return nil, ports, usage{fmt.Errorf("%s: it holds no vocabulary: name that of its tokens with --tokenizer wordpiece:vocab.txt", r.job.Weights)}
	case codec != nil && codec.Windows() == nil:
		return nil, ports, fmt.Errorf("%s: it was not trained on questions, and knows no vocabulary of theirs: answers take weights that nnc train saved after training on a file of questions", r.job.Weights)
	}
	if codec != nil {
		if err := codec.Fits(r.m.Inputs, r.m.Targets); err != nil {
			return nil, ports, fmt.Errorf("%s: %w", r.job.Weights, err)
		}
	}
	chosen := r.job.Selection()
	w, err := chosen.QuestionWindows(r.asksIn(), ports, codec)
	if err != nil {
		return nil, ports, err
	}
	if r.job.Tokenizer != "" {
		for _, note := range []string{chosen.NoteCased(w.Tokenizer), chosen.NoteSmaller(w, ports, codec)} {
			if note != "" {
				r.note("%s", note)
			}
		}
	}
	return w, ports, nil
}

// asksIn is the first file of what is asked.
func (r *run) asksIn() string {
	if r.job.Question != "" {
		return r.job.Passage
	}
	return slices.Concat(r.job.Data, []string{""})[0]
}

// refuseForQuestions returns an error if the job says what cannot be said of questions.
func (r *run) refuseForQuestions() error {
	j := &r.job
	if j.Best > maxBest {
		return usage{fmt.Errorf("--best %d: the %d best answers to a question are the most", j.Best, maxBest)}
	}
	for _, f := range []struct {
		flag string
		set  bool
	}{
		{"--target", len(j.Target) > 0}, {"--features", len(j.Features) > 0}, {"--drop", len(j.Drop) > 0}, {"--weight", j.Weight != ""},
		{"--skip-missing-target", j.SkipMissingTarget}, {"--skip-unreadable", j.SkipUnreadable}, {"--unseen", j.Unseen != ""},
		{"--decimal", j.Decimal != ""}, {"--thousands", j.Thousands != ""}, {"--missing", len(j.Missing) > 0},
		{"--proba", j.Proba}, {"--threshold", len(j.Thresholds) > 0}, {"--importance", j.Importance > 0},
	} {
		if f.set {
			return usage{fmt.Errorf("%s says nothing of questions about passages: leave it out", f.flag)}
		}
	}
	if j.Question == "" {
		return nil // the files may be tables
	}
	if len(j.ID) > 0 || len(j.Keep) > 0 {
		return usage{errors.New("--id and --keep name columns of a table, and --question asks without one: leave them out")}
	}
	if j.Sep != "" || j.NoHeader {
		return usage{errors.New("--sep and --no-header are for CSV, and --passage names a text: leave them out")}
	}
	return nil
}

// predictAnswers writes the best answers to all questions.
func (r *run) predictAnswers(ctx context.Context, codec *data.Codec) error {
	if err := r.refuseForQuestions(); err != nil {
		return err
	}
	w, ports, err := r.questionWindows(codec)
	if err != nil {
		return err
	}
	var qs questions
	if r.job.Question != "" {
		qs, err = r.oneQuestion(w)
	} else {
		qs, err = r.questionFiles(w, false)
	}
	if err != nil {
		return err
	}
	defer qs.close()
	write := func(out io.Writer) error { return r.answerTo(ctx, out, w, ports, qs) }
	if r.job.Out == "" {
		return write(r.stdout)
	}
	return weights.WriteAtomic(r.job.Out, write)
}

// answerTo writes them in whole lines, however it ends.
func (r *run) answerTo(ctx context.Context, out io.Writer, w *answer.Windows, ports data.QuestionPorts, qs questions) (err error) {
	q, failed := qs.next() // before anything is written, so that a mistake in it leaves nothing
	if failed != nil && !errors.Is(failed, io.EOF) {
		return failed
	}
	keep, names := qs.keptNames(), answerColumns
	best := max(1, r.job.Best)
	if best > 1 {
		names = append([]string{"rank"}, names...)
	}
	written, err := newRowWriter(out, slices.Concat(keep, distinct(keep, names)), r.job.JSON, r.job.Terminal && r.job.Out == "")
	if err != nil {
		return err
	}
	defer func() {
		if failed := written.flush(); err == nil {
			err = failed
		}
	}()
	a := r.newAsking(w, ports, false)
	a.run = a.chunk.predict
	a.each = func(q *question, scores [][]float32) error {
		answers, err := w.Best(q.asked, scores, best)
		if err != nil {
			return err
		}
		for rank, x := range answers {
			var row []value
			for _, cell := range q.kept {
				row = append(row, value{text: cell})
			}
			if best > 1 {
				row = append(row, whole64(rank+1))
			}
			row = append(row, value{text: x.Text}, number32(float32(x.Score)), whole64(x.RuneStart), whole64(x.RuneEnd), whole64(x.Start), whole64(x.End))
			if err := written.write(row); err != nil {
				return err
			}
		}
		return written.flush() // the next ones may take long
	}
	for ; failed == nil; q, failed = qs.next() {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		if err := a.ask(ctx, q); err != nil {
			return err
		}
		if qs.ready() {
			continue
		}
		// Whoever asks need not ask more to get answers.
		if err := a.flush(); err != nil {
			return err
		}
	}
	if err := a.flush(); err != nil {
		return err
	}
	if !errors.Is(failed, io.EOF) {
		return failed
	}
	r.remarkUnknown(a)
	return nil
}

// whole64 is a whole number of a prediction.
func whole64(n int) value { return value{strconv.Itoa(n), true} }
