package dataset

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// checkSeries finds what does not go with windows.
func (q *Training) checkSeries() error {
	if q.Window == 0 {
		if q.Horizon != 0 {
			return usageError("--horizon %d says how far behind a window the target is: say with --window how many rows make one", q.Horizon)
		}
		return nil
	}
	for _, other := range []struct {
		set       bool
		flag, why string
	}{
		{q.Group != "", "--group", "all rows are one series"},
		{q.Weight != "", "--weight", "a row is a part of several windows"},
	} {
		if other.set {
			return usageError("%s and --window exclude each other: %s", other.flag, other.why)
		}
	}
	if err := q.series().Verify(); err != nil {
		return UsageError{err}
	}
	for _, p := range q.Inputs {
		if p.Judged != nil {
			return usageError("--window: the loss %s compares with the input %s itself, not with what comes behind a window", p.Judged.Loss, p.Name)
		}
	}
	return nil
}

// series is how rows make windows; where nothing is said of a horizon, the target is that of the row behind.
func (q *Training) series() data.Series {
	return data.Series{Window: q.Window, Horizon: max(1, q.Horizon)}
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
	q.Window, q.Horizon = known.Window, known.Horizon
	return nil
}

// divideSeries holds out the last windows to test on, and of those before them the last to judge by. No row, be it a
// target, is in windows of two sides: those in between that share rows with both are left out.
func (w *whole) divideSeries() (train, valid, test []int, err error) {
	train = allRows(w.rows)
	between := 0
	for _, part := range []struct {
		flag  string
		split Split
		held  *[]int
	}{{"--test", w.test, &test}, {"--valid", w.valid, &valid}} {
		size := part.split.size(w.rows)
		if size == 0 {
			continue
		}
		at := max(0, len(train)-size)
		stay := 0
		for stay < at && w.starts[stay]+w.series.span() <= w.starts[at] {
			stay++
		}
		if stay == 0 {
			return nil, nil, nil, fmt.Errorf("%s: %s: of %s the last %d are held out, and none is left to train on that shares no row with them (a window and its target take %s)",
				w.name, part.flag, phrase.Counted(len(train), "window"), size, phrase.Counted(w.series.span(), "row"))
		}
		*part.held, train = train[at:], train[:stay]
		between += at - stay
	}
	if between > 0 {
		w.notes = append(w.notes, fmt.Sprintf("%s before those held out share rows with them and train nothing", phrase.Counted(between, "window")))
	}
	return train, valid, test, nil
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
	w.notes, w.starts = append(w.notes, w.table.notes...), w.series.starts(w.table.rows, w.table.without)
	w.rows = len(w.starts)
	switch {
	case w.table.rows < w.series.span():
		return w.series.tooFew(w.name, w.table.rows)
	case w.rows == 0:
		return fmt.Errorf("%s: no window has a target behind it", w.name)
	}
	return nil
}

// fitSeries is fit of windows. The statistics are those of all rows that the windows to train on, or their targets, take.
func (w *whole) fitSeries(train []int) (*data.Codec, *Set, error) {
	s, starts := w.series, make([]int, len(train))
	for i, at := range train {
		starts[i] = w.starts[at]
	}
	codec, set, err := w.table.fit(s.touched(starts), s.inputs, s.targets, w.q.Scale)
	if err != nil {
		return nil, nil, err
	}
	return codec.InSeries(s.Series, s.ahead), s.set(set, w.starts, w.q.Inputs, w.q.Targets), nil
}

// sources is the number of columns of a table that targets are read from.
func sources(targets []data.Target) int {
	n := 0
	for i := range targets {
		n += len(targets[i].Sources())
	}
	return n
}
