package train

import (
	"errors"
	"fmt"
	"io"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// questionFiles opens the files of questions that the job names: those of SQuAD's form, or, to predict, tables.
func (r *run) questionFiles(w *answer.Windows, judge bool) (questions, error) {
	if len(r.job.Data) == 0 {
		return nil, usage{errors.New("no data: name a file with --data")}
	}
	open := format.Open
	if judge {
		open = format.OpenQuestions
	}
	f, err := open(r.job.Data[0])
	if err != nil {
		return nil, err
	}
	if f.Kind == format.KindQuestions {
		return r.articles(f, w, judge)
	}
	if !f.Kind.IsTable() || judge {
		f.Close()
		return nil, fmt.Errorf("%s: it holds no questions: they come %s", f.Path, questionForms(judge))
	}
	return r.questionTable(f, w)
}

// questionForms says in what form questions come.
func questionForms(judge bool) string {
	if judge {
		return "in a JSON file as SQuAD has them, with their answers"
	}
	return `in a JSON file as SQuAD has them, or in JSON lines or a table with "question" and "passage" (or "context")`
}

// articles are the questions of files in SQuAD's form.
type articles struct {
	asker
	files  []string // to come
	judge  bool
	file   *format.File
	reader *format.Questions
	rest   []format.Passage // of the article at hand, the questions that were given taken off its first
}

func (r *run) articles(first *format.File, w *answer.Windows, judge bool) (*articles, error) {
	a := &articles{asker: asker{windows: w}, files: r.job.Data[1:], judge: judge, file: first, reader: first.Questions(judge)}
	if len(r.job.ID) > 0 || len(r.job.Keep) > 0 {
		a.close()
		return nil, usage{fmt.Errorf("--id and --keep name columns of a table, and %s is none: predictions begin with the id of each question anyway", first.Path)}
	}
	if r.job.Sep != "" || r.job.NoHeader {
		a.close()
		return nil, usage{fmt.Errorf("--sep and --no-header are for CSV, and %s holds questions about passages: leave them out", first.Path)}
	}
	return a, nil
}

func (a *articles) keptNames() []string { return []string{"id"} }
func (a *articles) ready() bool         { return true }
func (a *articles) close()              { a.file.Close() }

func (a *articles) next() (*question, error) {
	for len(a.rest) == 0 || len(a.rest[0].Questions) == 0 {
		if len(a.rest) > 0 {
			a.rest = a.rest[1:]
			continue
		}
		article, err := a.reader.Next()
		switch {
		case err == nil:
			a.rest = article.Passages
		case !errors.Is(err, io.EOF) || len(a.files) == 0:
			return nil, err
		default:
			if err := a.follow(); err != nil {
				return nil, err
			}
		}
	}
	p := &a.rest[0]
	asked := p.Questions[0]
	p.Questions = p.Questions[1:]
	windows, _, err := a.ask(asked.Text, p.Text)
	if err != nil {
		return nil, fmt.Errorf("%s: the question %s: %w", asked.At, phrase.Quoted(asked.ID), err)
	}
	return &question{asked: windows, kept: []string{asked.ID}, answers: asked.Answers}, nil
}

// follow opens the next file.
func (a *articles) follow() error {
	f, err := format.OpenQuestions(a.files[0])
	if err != nil {
		return err
	}
	if f.Kind != format.KindQuestions {
		f.Close()
		return fmt.Errorf("%s: it holds no questions as SQuAD has them, and the file before it does", f.Path)
	}
	reader := f.Questions(a.judge)
	reader.Follow(a.reader)
	a.file.Close()
	a.file, a.reader, a.files = f, reader, a.files[1:]
	return nil
}
