package train

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/format"
)

// question is one about a passage.
type question struct {
	asked   *answer.Asked
	kept    []string        // what stands in front of its answers
	answers []format.Answer // the true ones
}

// target is where in the passage the first of the true answers stands, in code points.
func (q *question) target() (start, end int) {
	if len(q.answers) == 0 {
		return 0, 0
	}
	return q.answers[0].Start, q.answers[0].End()
}

// truths are the texts of the true answers.
func (q *question) truths() []string {
	texts := make([]string, len(q.answers))
	for i := range q.answers {
		texts[i] = q.answers[i].Text
	}
	return texts
}

// questions come one after the other.
type questions interface {
	keptNames() []string // of what is kept of each
	// next returns the next question, io.EOF behind the last.
	next() (*question, error)
	// ready reports whether next has one without waiting for whoever writes into a pipe.
	ready() bool
	close()
}

// asker makes windows of questions, of the passage at hand once.
type asker struct {
	windows *answer.Windows
	passage *answer.Passage
}

// ask is the question about the passage; which of the two an error is about is about.
func (a *asker) ask(text, passage string) (q *answer.Asked, about string, err error) {
	if a.passage == nil || a.passage.Text != passage {
		if a.passage, err = a.windows.Read(passage); err != nil {
			return nil, "passage", err
		}
	}
	q, err = a.passage.Ask(text)
	return q, "question", err
}

// oneQuestion is that of --question about the text of --passage.
type oneQuestion struct{ *question }

func (r *run) oneQuestion(w *answer.Windows) (questions, error) {
	passage, err := readPassage(r.job.Passage)
	if err != nil {
		return nil, err
	}
	a := asker{windows: w}
	asked, about, err := a.ask(r.job.Question, passage)
	if err != nil {
		name := "--question"
		if about == "passage" {
			name = r.job.Passage
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &oneQuestion{&question{asked: asked}}, nil
}

// readPassage reads a passage from a file, or from standard input.
func readPassage(path string) (string, error) {
	f, err := format.OpenText(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if f.Kind != format.KindText {
		return "", fmt.Errorf("%s: a passage is a text, and this is none", f.Path)
	}
	text, err := io.ReadAll(io.LimitReader(f.In, answer.MaxPassage+1)) // more is an error of the windows
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", f.Path, err)
	case len(text) <= answer.MaxPassage && !utf8.Valid(text):
		return "", fmt.Errorf("%s: the text is not UTF-8", f.Path)
	}
	return string(text), nil
}

func (o *oneQuestion) keptNames() []string { return nil }
func (o *oneQuestion) ready() bool         { return true }
func (o *oneQuestion) close()              {}

func (o *oneQuestion) next() (*question, error) {
	q := o.question
	o.question = nil
	if q == nil {
		return nil, io.EOF
	}
	return q, nil
}
