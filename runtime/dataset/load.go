package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Training says what to train on, for Load.
type Training struct {
	Data    []string // "file", or "name=file" for one input or target
	Select           // of a table
	Reading          // of a table
	Scale   string   // ScaleStandard (also "") or ScaleNone

	Window  int // rows of a table in order make windows of so many, each a row of the model; 0: each stands alone
	Horizon int // rows from a window's last to the one whose target it is to forecast; 0 is 1

	SkipUnreadable bool // images that cannot be read are left out, else they are an error

	Valid     string   // the split, see ParseSplit; "" is DefaultSplit
	ValidData []string // held-out rows, as Data; excludes Valid
	Test      []string // rows that neither train nor choose: one split, or files as Data; none: no such rows
	Seed      uint64   // of the splits
	Seeded    bool     // somebody chose Seed: an error where nothing is drawn
	From      *Start   // what is taken over from the weights that the training starts from; nil: nothing

	Inputs, Targets []data.Port
}

// Loaded is data ready to train on.
type Loaded struct {
	Codec *data.Codec
	Train *Set
	Valid *Set     // held out to judge the training by; nil where no row is
	Test  *Set     // held out from that too; nil where no row is
	Notes []string // remarks for the user
}

// Load reads what to train on, holds rows out, takes the statistics from the rest and makes model values of all.
func Load(q Training) (*Loaded, error) {
	w, err := open(q)
	if err != nil {
		return nil, err
	}
	if w.text != nil {
		return w.loadText()
	}
	train, valid, test, err := w.divide()
	if err != nil {
		return nil, err
	}
	return w.load(train, valid, test)
}

// divide holds out the rows that are tested, then those that the training is judged by.
func (w *whole) divide() (train, valid, test []int, err error) {
	if w.series != nil {
		return w.divideSeries()
	}
	if w.questions != nil {
		return w.divideQuestions()
	}
	train = allRows(w.rows)
	if train, test, err = w.test.draw(train, w.rows, w.by, rng.New(w.q.Seed, "split.test")); err != nil {
		return nil, nil, nil, fmt.Errorf("%s: --test: %w", w.name, err)
	}
	if train, valid, err = w.valid.draw(train, w.rows, w.by, rng.New(w.q.Seed, "split")); err != nil {
		if len(test) > 0 {
			err = fmt.Errorf("%w, beside the %s of --test", err, phrase.Counted(len(test), "row"))
		}
		return nil, nil, nil, fmt.Errorf("%s: %w", w.name, err)
	}
	w.noteGroups("to test on", w.test, len(test))
	w.noteGroups("held out", w.valid, len(valid))
	return train, valid, test, nil
}

// noteGroups says where whole groups make another number of rows than was asked for.
func (w *whole) noteGroups(what string, s Split, got int) {
	if want := s.size(w.rows); w.by.group != nil && !s.isLast && got != want {
		w.notes = append(w.notes, fmt.Sprintf("%s %s, of %d that were asked for: groups stay whole", phrase.Counted(got, "row"), what, want))
	}
}

// load makes model values, the statistics from the rows to train on.
func (w *whole) load(train, valid, test []int) (*Loaded, error) {
	codec, all, err := w.fit(train)
	if err != nil {
		return nil, err
	}
	l := &Loaded{Codec: codec, Train: all.Subset(train), Notes: slices.Clone(w.notes)}
	if w.table != nil {
		l.Notes = append(l.Notes, w.table.fitNotes...)
	}
	if len(valid) > 0 {
		l.Valid = all.Subset(valid)
	}
	if len(test) > 0 {
		l.Test = all.Subset(test)
	}
	if len(w.q.ValidData) > 0 {
		if l.Valid, err = l.read(w.q.ValidData, w.q); err != nil {
			return nil, err
		}
	}
	if len(w.testFiles) > 0 {
		if l.Test, err = l.read(w.testFiles, w.q); err != nil {
			return nil, err
		}
	}
	l.noteTwins()
	return l, nil
}

// read reads held-out rows from files of their own.
func (l *Loaded) read(files []string, q Training) (*Set, error) {
	// A column of groups is no surprise there, though nothing is divided.
	r, err := OpenRows(Rows{
		Data: files, Select: Select{Drop: slices.Concat(q.Drop, one(q.Group)), ID: q.ID, Weight: q.Weight}, Reading: q.Reading,
		SkipUnreadable: q.SkipUnreadable, Inputs: q.Inputs, Targets: q.Targets, Judge: true,
	}, l.Codec)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	l.Notes = append(l.Notes, r.Notes()...)
	set, err := r.ReadAll(q.Inputs, q.Targets)
	l.Notes = append(l.Notes, r.Remarks()...)
	return set, err
}

// noteTwins warns of rows that are on both sides.
func (l *Loaded) noteTwins() {
	for _, held := range []struct {
		set  *Set
		what string
	}{{l.Valid, "held out"}, {l.Test, "to test on"}} {
		if held.set == nil {
			continue
		}
		if note := twinNote(l.Train, held.set, held.what, l.Codec.Series().Window > 0); note != "" {
			l.Notes = append(l.Notes, note)
		}
	}
}
