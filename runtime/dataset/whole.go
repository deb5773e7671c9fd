package dataset

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
)

// whole is all rows of a training's data, read but not yet divided.
type whole struct {
	q     Training
	name  string // of the data, for messages
	rows  int
	by    traits
	notes []string

	valid, test Split
	testFiles   []string // instead of a split

	weights []float32 // of all rows; nil: all count alike

	series *series      // how rows make windows; nil: each stands alone
	lined  lined        // the rows
	starts [][]int      // by series, the first places of its windows
	text   *runningText // whose rows are views, else

	questions *Questions // whose windows are the rows; set and codec are theirs

	table *table // else
	set   *Set   // of arrays, whose codec depends on no rows
	codec *data.Codec
}

// open reads the data of a training.
func open(q Training) (*whole, error) {
	if q.From != nil && !q.From.mayBeAnew() {
		if err := q.From.check(q); err != nil {
			return nil, err
		}
	}
	if q.Scale == "" {
		q.Scale = data.ScaleStandard
		if q.From != nil {
			q.Scale = q.From.Codec.Scale()
		}
	}
	if q.Scale != data.ScaleStandard && q.Scale != data.ScaleNone {
		return nil, usageError("--scale %s: write standard or none", q.Scale)
	}
	if len(q.ValidData) > 0 && q.Valid != "" {
		return nil, usageError("--valid %s and --valid-data exclude each other", q.Valid)
	}
	if q.From != nil {
		if err := q.takeOverSeries(); err != nil {
			return nil, err
		}
	}
	if err := q.checkSeries(); err != nil {
		return nil, err
	}
	w := &whole{q: q}
	if err := w.parseSplits(); err != nil {
		return nil, err
	}
	if err := data.VerifyJudged(q.Inputs, q.Targets); err != nil {
		return nil, UsageError{err}
	}
	if err := w.read(); err != nil {
		return nil, err
	}
	if q.Valid == "" && len(q.ValidData) == 0 {
		w.valid = DefaultSplit(w.rows, len(data.JudgedPorts(q.Inputs, q.Targets)) > 0)
	}
	return w, nil
}

// parseSplits reads which rows are held out.
func (w *whole) parseSplits() (err error) {
	if w.q.Valid != "" {
		if w.valid, err = ParseSplit("--valid", w.q.Valid); err != nil {
			return err
		}
	}
	w.testFiles = w.q.Test
	if len(w.q.Test) == 1 && IsPart(w.q.Test[0]) {
		w.testFiles = nil
		w.test, err = ParseSplit("--test", w.q.Test[0])
	}
	return err
}

func (w *whole) read() error {
	q := w.q
	if q.Window > 0 && len(q.Target) == 0 && continues(q.Inputs, q.Targets) {
		return usageError("--window makes windows of the rows of a table, but this model continues a text, which is read in windows of %d as the input %s is written: leave --window out; of a table say what is forecast, with --target",
			q.Inputs[0].Size(), q.Inputs[0].Name)
	}
	var stored *data.Codec
	if q.From != nil {
		stored = q.From.Codec
	}
	open := q.Select.opener(continues(q.Inputs, q.Targets) && q.Window == 0, q.Inputs, q.Targets, stored)
	src, err := openSource(q.Data, open, q.Layout, q.Inputs, q.Targets)
	if err != nil {
		return err
	}
	defer src.Close()
	if len(src.texts) > 0 {
		if err := errors.Join(q.Select.besideText(q.Data[0], q.Targets), q.Reading.withoutTable(q.Data[0])); err != nil {
			return err
		}
		return w.readText(src)
	}
	if len(src.questions) > 0 {
		return w.readQuestions(src)
	}
	if from := q.From; from != nil && from.Codec.Windows() != nil && !from.mayBeAnew() {
		return fmt.Errorf("%s: it was trained on questions about passages, which these data are not (%s): give a file in the form of SQuAD", from.File, q.Data[0])
	}
	if err := src.noQuestions(q); err != nil {
		return err
	}
	if from := q.From; from != nil && from.Codec.IsTable() != (src.table != nil) {
		return fmt.Errorf("%s: it is no table, or these data are none (%s): give data such as it was trained on", from.File, q.Data[0])
	}
	if in := src.table; in != nil {
		if q.SkipUnreadable {
			return src.loadImages(nil, nil, nil, true)
		}
		w.name = in.Name
		if from := q.From; from != nil && from.mayBeAnew() && !from.knows(in.Header, q.Inputs) {
			w.notes = append(w.notes, from.anewNote())
			q.From, w.q.From = nil, nil
		}
		if q.From != nil {
			if err := q.From.check(q); err != nil {
				return err
			}
			w.notes = append(w.notes, q.From.note())
			if q.Select, err = q.From.selects(q.Select, q.Inputs); err != nil {
				return err
			}
			if note := q.From.unused(in.Header, q.Select); note != "" {
				w.notes = append(w.notes, note)
			}
			q.Reading = q.From.reading(q.Reading)
			w.q = q
		}
		if q.Window > 0 {
			return w.readSeries(in)
		}
		if w.table, err = readTable(in, q.Reading, q.From, q.Select, q.Inputs, q.Targets); err != nil {
			return err
		}
		w.notes, w.rows, w.by.class = append(w.notes, w.table.notes...), w.table.rows, w.table.classes(q.Targets)
		if w.table.group != nil {
			w.by.group = w.table.group.codes
		}
		w.weights = w.table.rowWeights()
		return nil
	}
	if q.Window > 0 {
		return usageError("--window makes windows of the rows of a table, but %s is none: arrays hold them as they are, as [rows, %d, values]", q.Data[0], q.Window)
	}
	if err := errors.Join(q.Select.withoutTable(q.Data[0]), q.Reading.withoutTable(q.Data[0]), q.Select.withoutTexts(q.Data[0], "is none")); err != nil {
		return err
	}
	var known *data.Codec
	if q.From != nil {
		w.notes = append(w.notes, q.From.note())
		if !q.From.NewTargets {
			known = q.From.Codec
		}
	}
	if err := src.loadImages(q.Inputs, q.Targets, known, q.SkipUnreadable); err != nil {
		return err
	}
	w.name, w.codec = q.Data[0], src.fit(q.Inputs, q.Targets, q.Scale)
	if from := q.From; from != nil && !from.Rescale && !from.NewTargets {
		w.codec = from.Codec
	}
	if w.set, err = src.dataset(q.Inputs, q.Targets, w.codec); err != nil {
		return err
	}
	w.notes = append(w.notes, src.notes(q.Inputs, w.codec)...)
	w.rows, w.by.class = w.set.Rows(), w.set.classes()
	return nil
}

// fit makes the codec, the statistics from the rows to train on, and the model values of all rows.
func (w *whole) fit(train []int) (*data.Codec, *Set, error) {
	if w.table == nil {
		return w.codec, w.set, nil
	}
	if w.series != nil {
		return w.fitSeries(train)
	}
	codec, set, err := w.table.fit(train, w.q.Inputs, w.q.Targets, w.q.Scale)
	if err == nil {
		set.weights = w.weights
	}
	return codec, set, err
}
