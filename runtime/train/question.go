package train

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
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

// questionTable is a table with a question and a passage in each row.
type questionTable struct {
	asker
	table             *format.Table
	files             []*format.File
	question, passage int   // columns
	kept              []int // columns
	names             []string
	expected          []string // all of these columns by name
}

// passageColumns are the names that the column of passages may have.
var passageColumns = []string{"passage", "context"}

func (r *run) questionTable(first *format.File, w *answer.Windows) (_ *questionTable, err error) {
	t := &questionTable{asker: asker{windows: w}, files: []*format.File{first}}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	reading, err := r.job.Reading()
	if err != nil {
		return nil, err
	}
	head, err := first.Table(reading.Layout)
	if err != nil {
		return nil, err
	}
	t.table = head
	if err := t.findColumns(r.job.kept()); err != nil {
		return nil, err
	}
	t.table = format.Join(head, len(r.job.Data), func(i int) (*format.Table, error) {
		f, err := format.Open(r.job.Data[i])
		if err != nil {
			return nil, err
		}
		t.files = append(t.files, f)
		if !f.Kind.IsTable() {
			return nil, fmt.Errorf("%s: it is no table, and %s is one", f.Path, first.Path)
		}
		next, err := f.Table(reading.Layout)
		if err == nil {
			next.Expect(t.expected)
		}
		return next, err
	})
	return t, nil
}

// findColumns finds the columns of questions, passages, and what is to be kept: where nothing says so, an id.
func (t *questionTable) findColumns(kept []string) error {
	if len(kept) == 0 && slices.Contains(t.table.Header, "id") {
		kept = []string{"id"}
	}
	t.expected = slices.Concat([]string{"question", t.passageName()}, kept)
	t.table.Expect(t.expected)
	find := func(name string) (int, error) {
		i := slices.Index(t.table.Header, name)
		if i < 0 {
			return i, fmt.Errorf("%s: there is no column %q%s (the columns are %s): questions come %s",
				t.table.Name, name, phrase.Suggest(name, t.table.Header), phrase.Listed(t.table.Header), questionForms(false))
		}
		return i, nil
	}
	var err error
	if t.question, err = find("question"); err != nil {
		return err
	}
	if t.passage, err = find(t.passageName()); err != nil {
		return err
	}
	for _, name := range kept {
		i, err := find(name)
		if err != nil {
			return err
		}
		t.kept, t.names = append(t.kept, i), append(t.names, name)
	}
	return nil
}

// passageName is what the column of passages is called.
func (t *questionTable) passageName() string {
	for _, name := range passageColumns[1:] {
		if !slices.Contains(t.table.Header, passageColumns[0]) && slices.Contains(t.table.Header, name) {
			return name
		}
	}
	return passageColumns[0]
}

func (t *questionTable) keptNames() []string { return t.names }
func (t *questionTable) ready() bool         { return t.table.Ready() }

func (t *questionTable) close() {
	for _, f := range t.files {
		f.Close()
	}
}

func (t *questionTable) next() (*question, error) {
	cells, err := t.table.Next()
	if err != nil {
		return nil, err
	}
	asked, about, err := t.ask(cells[t.question], cells[t.passage])
	if err != nil {
		column := t.question
		if about == "passage" {
			column = t.passage
		}
		return nil, t.table.ErrorAt(column, "%v", err)
	}
	q := &question{asked: asked}
	for _, k := range t.kept {
		q.kept = append(q.kept, cells[k])
	}
	return q, nil
}
