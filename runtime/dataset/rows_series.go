package dataset

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// windowRows are the rows of a table in windows, each of which is a row of the model. Of each series there is kept in
// memory what a window and its targets take.
type windowRows struct {
	*tableRows
	*series
	group int              // field of what says which series a row is of; −1: all are one
	of    map[string]*past // by series
	made  int              // windows so far

	// Of rows that are all in memory: whether each has no target, and which series it is of.
	gaps       []bool
	groups     []int32
	groupCodes map[string]int32
}

// intoWindows lets r's rows make windows, as the codec says: r then reads what one of them takes and gives.
func (r *tableRows) intoWindows(q Rows, judged []data.Port) (*windowRows, error) {
	if q.Weight != "" {
		return nil, usageError("--weight: the model takes windows, and a row is a part of several")
	}
	s, err := newSeries(r.codec.Series(), r.inputs, judged, sources(r.judged))
	if err != nil {
		return nil, err
	}
	r.windows = &windowRows{tableRows: r, series: s, group: -1, of: map[string]*past{}}
	r.inputs, r.targets = s.inputs, s.targets
	return r.windows, nil
}

// past is that of the series that a row is of.
func (w *windowRows) past(cells []string) *past {
	name := w.name(cells)
	own, known := w.of[name]
	if !known {
		own = &past{series: w.series}
		own.grow()
		w.of[strings.Clone(name)] = own // not a piece of the row's memory
	}
	return own
}

// name is that of the series that a row is of.
func (w *windowRows) name(cells []string) string {
	if w.group < 0 {
		return ""
	}
	return strings.TrimSpace(cells[w.group])
}

// longest is the number of rows of the longest series.
func (w *windowRows) longest() int {
	most := 0
	for _, own := range w.of {
		most = max(most, own.read)
	}
	return most
}

// read is rowSource's. Of the columns to keep there are the cells of a window's last row.
func (w *windowRows) read(inputs, targets []data.Block, most int) (int, error) {
	w.forget()
	n := 0
	for n < most && (n == 0 || !w.prompt || w.table.Ready()) {
		cells, err := w.table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = w.checkGroup(cells)
		}
		if err != nil {
			return 0, err
		}
		p := w.past(cells)
		at := p.next()
		target, err := w.judgeRow(p.judged, at, cells)
		if err == nil {
			err = w.encodeRow(p.blocks, at, cells)
		}
		if err != nil {
			return 0, err
		}
		if p.take(target) {
			p.copyTo(inputs, targets, n)
			w.keepCells(cells)
			n++
		}
	}
	w.made += n
	switch {
	case n > 0:
		return n, nil
	case w.made == 0 && w.longest() < w.span():
		return 0, w.tooFew(w.table.Name, w.longest())
	}
	return 0, io.EOF
}

// checkGroup is the error for a row that is of no series.
func (w *windowRows) checkGroup(cells []string) error {
	if w.group >= 0 && w.name(cells) == "" {
		return w.table.ErrorAt(w.group, "column %q: the value is missing: it says which series a row is of", w.Group)
	}
	return nil
}

func (w *windowRows) readAll(inputs, targets []data.Port) (*Set, error) {
	s := w.series
	d, err := w.tableRows.readAll(s.inputs, s.targets)
	if err != nil {
		return nil, err
	}
	l := line(d.Rows(), w.groups, w.gaps)
	if longest := l.longest(); longest < s.span() {
		return nil, s.tooFew(w.table.Name, longest)
	}
	return s.set(d, &l, slices.Concat(s.starts(&l)...), inputs, targets), nil
}

// note notes of a row that will be in memory whether it has a target, and which series it is of.
func (w *windowRows) note(cells []string, target bool) error {
	if err := w.checkGroup(cells); err != nil {
		return err
	}
	w.gaps = append(w.gaps, !target)
	if w.group < 0 {
		return nil
	}
	name := w.name(cells)
	code, known := w.groupCodes[name]
	if !known {
		if w.groupCodes == nil {
			w.groupCodes = map[string]int32{}
		}
		code = int32(len(w.groupCodes))
		w.groupCodes[strings.Clone(name)] = code
	}
	w.groups = append(w.groups, code)
	return nil
}
