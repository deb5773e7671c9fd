package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// checkSeries finds what does not go with windows.
func (q *Training) checkSeries() error {
	if q.Window == 0 {
		if q.Horizon != 0 {
			return usageError("--horizon %d says how far after a window the target is: say with --window how many rows make one", q.Horizon)
		}
		return nil
	}
	if q.Seeded {
		return usageError("--split-seed draws the rows that are held out, but with --window they are the last: leave it out")
	}
	if q.Weight != "" {
		return usageError("--weight and --window exclude each other: a row is a part of several windows")
	}
	if err := q.series().Verify(); err != nil {
		return UsageError{err}
	}
	for _, p := range q.Inputs {
		if p.Judged != nil {
			return usageError("--window: the loss %s compares with the input %s itself, not with what comes after a window", p.Judged.Loss, p.Name)
		}
	}
	return nil
}

// series is how rows make windows; where nothing is said of a horizon, the target is that of the row behind.
func (q *Training) series() data.Series {
	return data.Series{Window: q.Window, Horizon: max(1, q.Horizon), Group: q.Group}
}

// takeOverSeries says how rows make windows as the weights do that the training starts from.
func (q *Training) takeOverSeries() error {
	known := q.From.Codec.Series()
	if known.Window == 0 {
		return nil // where a flag says otherwise, the inputs will not fit
	}
	if q.Window != 0 && q.Window != known.Window || q.Horizon != 0 && q.Horizon != known.Horizon {
		return usageError("%s was trained with --window %d --horizon %d: leave these flags out", q.From.File, known.Window, known.Horizon)
	}
	if q.Group != "" && q.Group != known.Group {
		trained := "none"
		if known.Group != "" {
			trained = phrase.Option("--group", known.Group)
		}
		return usageError("--group %s: %s was trained with %s: leave the flag out", phrase.Shell(q.Group), q.From.File, trained)
	}
	q.Window, q.Horizon, q.Group = known.Window, known.Horizon, known.Group
	return nil
}

// divideSeries holds out the last windows of each series to test on, and of those before them the last to judge by. No
// row, be it a target, is in windows of two sides: those in between that share rows with both are left out. Of several
// series, one too short for that is not divided, and all of it trains.
func (w *whole) divideSeries() (train, valid, test []int, err error) {
	at, between, short := 0, 0, 0
	for _, starts := range w.starts {
		parts, err := w.cut(starts)
		switch {
		case err == nil:
			between += len(starts) - len(parts[0]) - len(parts[1]) - len(parts[2])
		case len(w.starts) == 1:
			return nil, nil, nil, fmt.Errorf("%s: %w", w.name, err)
		default:
			parts = [3][]int{allRows(len(starts))}
			short++
		}
		for i, to := range []*[]int{&train, &valid, &test} {
			for _, k := range parts[i] {
				*to = append(*to, at+k)
			}
		}
		at += len(starts)
	}
	if short == len(w.starts) {
		return nil, nil, nil, fmt.Errorf("%s: no %s is long enough to hold windows out, and others to train on that share no row with them (a window and its target take %s)",
			w.name, phrase.Visible(w.series.Group), phrase.Counted(w.series.span(), "row"))
	}
	if short > 0 {
		w.notes = append(w.notes, fmt.Sprintf("%s: %d of %d are too short to hold windows out: all of theirs train", phrase.Visible(w.series.Group), short, len(w.starts)))
	}
	if between > 0 {
		w.notes = append(w.notes, fmt.Sprintf("%s before those held out share rows with them and train nothing", phrase.Counted(between, "window")))
	}
	return train, valid, test, nil
}

// cut divides the windows of one series, by their places among these: those to train on, to judge by and to test on.
func (w *whole) cut(starts []int) (parts [3][]int, err error) {
	train := allRows(len(starts))
	for _, part := range []struct {
		flag  string
		split Split
		held  *[]int
	}{{"--test", w.test, &parts[2]}, {"--valid", w.valid, &parts[1]}} {
		size := part.split.size(len(starts))
		if size == 0 {
			continue
		}
		at := max(0, len(train)-size)
		stay := 0
		for stay < at && starts[stay]+w.series.span() <= starts[at] {
			stay++
		}
		if stay == 0 && len(parts[2]) > 0 {
			return parts, fmt.Errorf("--test holds out %d of %s and --valid, a tenth unless it is said, the last %d before these: none is left to train on that shares no row with them (a window and its target take %s)",
				len(parts[2]), phrase.Counted(len(starts), "window"), size, phrase.Counted(w.series.span(), "row"))
		}
		if stay == 0 {
			return parts, fmt.Errorf("%s: of %s the last %d are held out, and none is left to train on that shares no row with them (a window and its target take %s)",
				part.flag, phrase.Counted(len(train), "window"), size, phrase.Counted(w.series.span(), "row"))
		}
		*part.held, train = train[at:], train[:stay]
	}
	parts[0] = train
	return parts, nil
}

// readSeries reads a table whose rows make windows.
func (w *whole) readSeries(in *format.Table) (err error) {
	q := w.q
	if w.series, err = newSeries(q.series(), q.Inputs, q.Targets, len(q.Target)); err != nil {
		return err
	}
	q.window = q.Window
	if w.table, err = readTable(in, q.Reading, q.From, q.Select, w.series.inputs, w.series.targets); err != nil {
		return err
	}
	if w.table.hasTexts() {
		return usageError("--window makes windows of numbers and integers, but an input takes texts")
	}
	var group []int32
	if w.table.group != nil {
		group = w.table.group.codes
	}
	w.lined = line(w.table.rows, group, w.table.without)
	for i := range w.table.times {
		w.table.notes = append(w.table.notes, w.table.times[i].notes(w.table.name, &w.lined)...)
	}
	w.notes, w.starts = append(w.notes, w.table.notes...), w.series.starts(&w.lined)
	w.notes = append(w.notes, w.series.positionsNote(q.Targets)...)
	for _, starts := range w.starts {
		w.rows += len(starts)
	}
	switch longest := w.lined.longest(); {
	case longest < w.series.span():
		return w.series.tooFew(w.name, longest)
	case w.rows == 0:
		return fmt.Errorf("%s: no window has a target after it", w.name)
	}
	return nil
}

// fitSeries is fit of windows. The statistics are those of all rows that the windows to train on, or their targets, take.
func (w *whole) fitSeries(train []int) (*data.Codec, *Set, error) {
	s, all := w.series, slices.Concat(w.starts...)
	starts := make([]int, len(train))
	for i, at := range train {
		starts[i] = all[at]
	}
	codec, set, err := w.table.fit(s.touched(&w.lined, starts), s.inputs, s.targets, w.q.Scale)
	if err != nil {
		return nil, nil, err
	}
	return codec.InSeries(s.Series, s.ahead), s.set(set, &w.lined, all, w.q.Inputs, w.q.Targets), nil
}

// sources is the number of columns of a table that targets are read from.
func sources(targets []data.Target) int {
	n := 0
	for i := range targets {
		n += len(targets[i].Sources())
	}
	return n
}
