package train

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

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
		if !t.table.Has(column) {
			return nil, t.table.ErrorAt(column, "there is no %q: each line has %s", t.table.Header[column], phrase.Listed([]string{t.table.Header[t.question], t.table.Header[t.passage]}))
		}
		return nil, t.table.ErrorAt(column, "%v", err)
	}
	q := &question{asked: asked}
	for _, k := range t.kept {
		q.kept = append(q.kept, cells[k])
	}
	return q, nil
}
