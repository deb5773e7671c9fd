package dataset

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Inspection says which table to look at, for Inspect.
type Inspection struct {
	Data []string // the files of one table
	Select
	Reading
}

// Summary is what a table holds for a model that is yet to be written.
type Summary struct {
	Name     string // of the table, as messages give it
	Shown    string // the name as it may go to a terminal
	Rows     int
	Features []Feature
	Goals    []Goal   // in the order of Inspection.Target
	Notes    []string // remarks for the user
	HeldOut  int      // rows that training holds out where nothing is said
}

// Feature is a column to learn from.
type Feature struct {
	Name  string
	Shown string // the name as it may go to a terminal
	Kind  string // data.KindNumber, KindClass (an indicator per text), or KindIndex (more texts than indicators, or said to be); "" without any value

	Texts    []string // different ones, in byte order; nil of numbers, and where there are too many to count
	Missing  int      // rows without a value
	Width    int      // model values that it makes; of a KindIndex one integer
	Constant bool     // all rows have the same value
	Unique   bool     // no two rows have the same: whole numbers, or texts
	Counts   bool     // whole numbers that count up by one, row by row
	Dates    bool     // texts that are dates, where nobody said that they are texts
	Prose    *Prose   // of texts that are long enough to be read symbol by symbol
}

// Listed are the column's texts for a message.
func (f *Feature) Listed() string { return phrase.Listed(f.Texts) }

// Inspect reads a table as Load does, before there is a model to say what the columns feed and what its targets are.
// All that is wrong with the columns is told at once.
func Inspect(q Inspection) (*Summary, error) {
	src, err := openTable(q.Data, q.Layout)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	in := src.table
	if len(q.Target) == 0 {
		return nil, whichTarget(in)
	}
	t := &table{name: in.Name, how: q.Reading}
	if t.texts, err = q.texts(); err != nil {
		return nil, err
	}
	numbers, err := t.chooseUndecided(in, q.Select)
	if err != nil {
		return nil, err
	}
	if err := q.settleTargets(t); err != nil {
		return nil, err
	}
	if err := t.read(in); err != nil {
		return nil, err
	}
	return t.summarise(in, numbers)
}

// settleTargets finds out which targets are texts, where rows without one are left out: among texts NA is one. That
// takes a reading of its own, which a pipe does not allow; there NA is taken for a missing number, and told if it is none.
func (q Inspection) settleTargets(t *table) error {
	piped := func(path string) bool {
		info, err := os.Stat(path)
		return path == format.Stdin || err == nil && !info.Mode().IsRegular()
	}
	if !q.SkipMissingTarget || slices.ContainsFunc(q.Data, piped) {
		return nil
	}
	src, err := openTable(q.Data, q.Layout)
	if err != nil {
		return err
	}
	defer src.Close()
	first := &table{name: t.name, how: q.Reading}
	first.how.SkipMissingTarget = false
	if _, err := first.chooseUndecided(src.table, q.Select); err != nil {
		return err
	}
	first.inputs = nil
	if err := first.read(src.table); err != nil {
		return err
	}
	for i, c := range first.targets {
		_ = c[0].settle() // its texts are classes, however numbers among them are written
		if c[0].kind == data.KindClass {
			t.targets[i][0].kind = data.KindClass
		}
	}
	return nil
}

// openTable opens files that must be tables.
func openTable(list []string, how format.Layout) (*source, error) {
	if len(list) == 0 {
		return nil, usageError("no data: name a file")
	}
	first, err := format.Open(list[0])
	if err != nil {
		return nil, err
	}
	s := &source{files: []*format.File{first}}
	if !first.Kind.IsTable() {
		s.Close()
		if first.Kind == format.KindQuestions {
			return nil, fmt.Errorf("%s holds questions about passages, as SQuAD has them, and this needs a table (CSV or JSON lines): a model that answers them is written by hand, as examples/answer/small.nn and bert-qa.nn are", first.Path)
		}
		return nil, fmt.Errorf("%s holds arrays, and this needs a table (CSV or JSON lines)", first.Path)
	}
	return s, s.openTables(list, how)
}

// usualTargets are names that people give to what is to be learnt, in lower case.
var usualTargets = []string{"target", "label", "y", "class", "outcome", "price", "species", "diagnosis", "quality", "churn", "survived"}

// whichTarget is the error where no target is named, with a guess.
func whichTarget(in *format.Table) error {
	if len(in.Header) == 0 {
		return fmt.Errorf("%s: there are no columns", in.Name)
	}
	guess := in.Header[len(in.Header)-1]
	for _, usual := range usualTargets {
		if i := slices.IndexFunc(in.Header, func(name string) bool { return strings.ToLower(name) == usual }); i >= 0 {
			guess = in.Header[i]
			break
		}
	}
	return usageError("%s: which column is the target? Name it with --target, perhaps --target %s (the columns are %s)%s",
		in.Name, phrase.Shell(guess), phrase.Listed(in.Header), noHeader(in.Header, in.At))
}

// chooseUndecided makes the columns of one input that takes all features, and of a target for each column. What they
// are is left open but where a flag says it; returned is which targets are said to be numbers.
func (t *table) chooseUndecided(in *format.Table, sel Select) (numbers []bool, err error) {
	targets := make([]data.Port, len(sel.Target))
	for i, name := range sel.Target {
		targets[i] = data.Port{Name: name, Judged: &data.Judged{Kind: data.Quantity}}
	}
	r, err := sel.roles(in, []data.Port{{Name: "features", Shape: []int{1}}}, targets)
	if err != nil {
		return nil, err
	}
	writing := t.how.writing()
	column := func(field int) *tableColumn {
		return &tableColumn{
			file: t.name, name: in.Header[field], field: field, writing: &writing, most: maxTexts, kind: r.kinds[field], signed: r.signed[field],
		}
	}
	t.inputs = make([][]*tableColumn, 1)
	for _, f := range r.features[0] {
		c := column(f)
		c.dictionary = c.kind == data.KindIndex
		t.inputs[0] = append(t.inputs[0], c)
	}
	for _, fields := range r.targets {
		c := column(fields[0])
		if c.target = true; c.signed {
			c.kind = data.KindNumber
		}
		t.targets = append(t.targets, []*tableColumn{c})
		numbers = append(numbers, c.signed)
	}
	return numbers, nil
}

// summarise decides what the columns are.
func (t *table) summarise(in *format.Table, numbers []bool) (*Summary, error) {
	var wrong problems
	t.withoutIndex(in, &wrong)
	for _, c := range t.targets {
		_ = c[0].settle() // as above
	}
	s := &Summary{Name: t.name, Shown: phrase.Visible(t.name)}
	var class []int32
	for i, c := range t.targets {
		g, index, err := t.goal(c[0], numbers[i])
		wrong.add(err)
		s.Goals, class = append(s.Goals, g), index
	}
	if len(t.targets) != 1 {
		class = nil // only the rows of one class target are held out by class
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	train, err := t.trainingRows(class)
	if err != nil {
		return nil, err
	}
	s.Rows, s.HeldOut = t.rows, t.rows-len(train)
	for _, c := range t.inputs[0] {
		f, err := t.feature(c, train)
		wrong.add(err)
		s.Features = append(s.Features, f)
	}
	s.Notes = t.notes
	return s, wrong.err()
}

// trainingRows are the rows that training takes where nothing is said.
func (t *table) trainingRows(class []int32) ([]int, error) {
	train, _, err := DefaultSplit(t.rows, true).draw(allRows(t.rows), t.rows, traits{class: class}, rng.New(0, "split"))
	return train, err
}

// feature says what a column is. Too many texts for indicators are no error here: how to take them is a question of
// the model.
func (t *table) feature(c *tableColumn, train []int) (Feature, error) {
	f := Feature{Name: c.name, Shown: phrase.Visible(c.name)}
	if c.kind == "" && c.filled == 0 {
		f.Missing = t.rows
		return f, nil
	}
	undecided := c.kind == ""
	if err := c.settle(); err != nil {
		return f, err
	}
	f.Kind, f.Width = c.kind, 1
	f.Dates = undecided && c.kind == data.KindClass && c.dates()
	if c.kind == data.KindNumber {
		f.Missing = countMissing(c.numbers)
		f.Constant, f.Unique = spread(c.numbers)
		f.Counts = c.counts()
		if t.how.MissingIndicator && slices.ContainsFunc(train, c.missing) {
			f.Width = 2
		}
		return f, errors.Join(c.wrong.err(), c.strayError())
	}
	said := !undecided && c.kind == data.KindClass
	if !f.Dates && (said && t.texts.said || c.many || len(c.names) > data.MaxIndicators || 2*len(c.names) > t.rows) {
		f.Prose = c.prose(t.texts, said)
	}
	if c.many {
		f.Kind = data.KindIndex
		return f, nil
	}
	for _, code := range c.codes {
		if code < 0 {
			f.Missing++
		}
	}
	f.Texts = sorted(c.names)
	f.Constant = f.Missing == 0 && len(c.names) == 1
	f.Unique = f.Missing == 0 && len(c.names) == t.rows
	switch {
	case c.kind == data.KindIndex:
	case len(c.names) > data.MaxIndicators:
		f.Kind = data.KindIndex
	default:
		f.Width = len(c.names)
	}
	return f, nil
}
