package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// series says how the rows of a table make windows, each of which is a row of the model. Its ports are those of a row of
// the table.
type series struct {
	data.Series
	ahead           int // rows of the table that a window forecasts, one behind the other; 0: none
	inputs, targets []data.Port
}

// newSeries divides what the model takes and gives into rows of a table with so many target columns.
func newSeries(s data.Series, inputs, targets []data.Port, columns int) (*series, error) {
	of := &series{Series: s}
	for _, p := range inputs {
		if len(p.Shape) == 0 || len(p.Shape) > 2 || p.Shape[0] != s.Window {
			return nil, usageError("the model's input %s takes no windows of %s: %s", data.PortList([]data.Port{p}), phrase.Counted(s.Window, "row"), suited(p, s.Window))
		}
		p.Shape = []int{p.Size() / s.Window}
		of.inputs = append(of.inputs, p)
	}
	row := 0
	for _, p := range of.inputs {
		row += p.Size()
	}
	if err := s.VerifyValues(row); err != nil {
		return nil, UsageError{fmt.Errorf("--window: %w", err)}
	}
	size := 0
	for _, p := range targets {
		if p.Judged != nil && p.Judged.Kind == data.Span {
			return nil, usageError("--window: the target %s of the loss %s is a start and an end within one row of the data, and of a series no such row is forecast: give each row of the model as a row of its data, without --window",
				p.Name, p.Judged.Loss)
		}
		size += p.Size()
	}
	if size == 0 {
		return of, nil
	}
	of.ahead = 1
	if columns > 0 && columns < size {
		of.ahead = size / columns
	}
	for _, p := range targets {
		if p.Size()%of.ahead > 0 || columns > 0 && columns < size && size%columns > 0 {
			return nil, usageError("%s for %s that the model gives: of a series each column is forecast for as many rows as the others: let the model end with `linear %d`, or another multiple of %d",
				phrase.Counted(columns, "target column"), phrase.Counted(size, "value"), columns, columns)
		}
		p.Shape = []int{p.Size() / of.ahead}
		of.targets = append(of.targets, p)
	}
	return of, nil
}

// suited says how an input takes windows of so many rows.
func suited(p data.Port, window int) string {
	if len(p.Shape) == 2 {
		write := p
		write.Shape = []int{window, p.Shape[1]}
		return fmt.Sprintf("say --window %d, or write `input %s`", p.Shape[0], data.PortList([]data.Port{write}))
	}
	width := 1
	if p.Size()%window == 0 {
		width = p.Size() / window
	}
	return fmt.Sprintf("write `input %s[%d, %d]`, the rows of a window and the values of each", p.Name, window, width)
}

// span is the number of rows of a table that a window and its targets take.
func (s *series) span() int {
	if s.ahead == 0 {
		return s.Window
	}
	return s.Window - 1 + s.Horizon + s.ahead
}

// tooFew is the error for a table of so few rows that there is no window.
func (s *series) tooFew(name string, rows int) error {
	what := ""
	switch {
	case s.ahead == 1:
		what = fmt.Sprintf(", with the target %s after it,", phrase.Counted(s.Horizon, "row"))
	case s.ahead > 1:
		what = fmt.Sprintf(", with targets up to %s after it,", phrase.Counted(s.Horizon-1+s.ahead, "row"))
	}
	there := "there are only " + phrase.Counted(rows, "row")
	if rows == 1 {
		there = "there is only 1 row"
	}
	if s.Group != "" {
		there = fmt.Sprintf("no %s has more than %s", phrase.Visible(s.Group), phrase.Counted(rows, "row"))
	}
	return fmt.Errorf("%s: %s: a window of %s%s takes %d", name, there, phrase.Counted(s.Window, "row"), what, s.span())
}

// lined is the rows of a table, one series behind the other.
type lined struct {
	order   []int  // by place, the row of the table; nil: as they are
	rows    int    // of all series
	begin   []int  // of each series, its first place
	without []bool // by row of the table, whether it has no target; nil: all have one
}

// line lines up the rows of a table, of which each is of a group, numbered as they first appear; nil: all are one series.
func line(rows int, group []int32, without []bool) lined {
	l := lined{rows: rows, begin: []int{0}, without: without}
	if group == nil {
		return l
	}
	l.order = allRows(rows)
	slices.SortStableFunc(l.order, func(a, b int) int { return int(group[a]) - int(group[b]) })
	for at := 1; at < rows; at++ {
		if group[l.order[at]] != group[l.order[at-1]] {
			l.begin = append(l.begin, at)
		}
	}
	return l
}

// row is the row of the table at a place.
func (l *lined) row(place int) int {
	if l.order == nil {
		return place
	}
	return l.order[place]
}

// longest is the number of rows of the longest series.
func (l *lined) longest() int {
	most, end := 0, l.rows
	for _, begin := range slices.Backward(l.begin) {
		most, end = max(most, end-begin), begin
	}
	return most
}

// starts are the first places of the windows, series by series, in ascending order; none where a row that is to be forecast
// is without a target.
func (s *series) starts(l *lined) [][]int {
	var all [][]int
	for i, begin := range l.begin {
		end := l.rows
		if i+1 < len(l.begin) {
			end = l.begin[i+1]
		}
		var starts []int
		clear := 0 // rows with a target, up to this one
		for at := begin; at < end; at++ {
			clear++
			if l.without != nil && l.without[l.row(at)] {
				clear = 0
			}
			if first := at - s.span() + 1; first >= begin && clear >= s.ahead {
				starts = append(starts, first)
			}
		}
		all = append(all, starts)
	}
	return all
}

// set makes of the rows of a table, lined up, the windows for a model of these ports, by their first places. They share the
// memory of the rows.
func (s *series) set(d *Set, l *lined, starts []int, inputs, targets []data.Port) *Set {
	if l.order != nil {
		for i := range d.inputs {
			d.inputs[i].reorder(l.order)
		}
		for i := range d.targets {
			d.targets[i].reorder(l.order)
		}
	}
	w := &Set{rows: starts, naive: s.newNaive(d, l, starts)}
	for i, f := range d.inputs {
		f.port, f.step, f.size = inputs[i], f.size, inputs[i].Size()
		w.inputs = append(w.inputs, f)
	}
	behind := s.Window - 1 + s.Horizon
	for i, f := range d.targets {
		f.block = f.block.Rows(behind, d.Rows(), f.size)
		f.port, f.step, f.size = targets[i], f.size, targets[i].Size()
		w.targets = append(w.targets, f)
	}
	return w
}

// reorder puts the rows into another order.
func (f *field) reorder(order []int) {
	b := data.NewBlock(f.port, len(order))
	for to, from := range order {
		copyRows(b, to, f.block, from, 1, f.size)
	}
	f.block = b
}

// positionsNote remarks that what the model gives at each position of a window is taken for as many rows after it, which
// whoever leaves out `last` does not mean. targets are the model's.
func (s *series) positionsNote(targets []data.Port) []string {
	for _, p := range targets {
		if s.Window == 1 || s.ahead != s.Window || p.Shape[0] != s.Window || len(p.Shape) == 1 && !p.Int {
			continue
		}
		return []string{fmt.Sprintf("warning: what the model gives at the %d positions of a window is taken for %[1]d rows to come: to forecast one row, leave one position, as with the flag `last` of a recurrent layer, or with `last`, `mean` or `flatten`, before the last `linear`", s.Window)}
	}
	return nil
}

// touched are the rows of the table that windows, by their first places in ascending order, and their targets take.
func (s *series) touched(l *lined, starts []int) []int {
	var rows []int
	next := 0
	for _, first := range starts {
		for r := max(first, next); r < first+s.span(); r++ {
			rows = append(rows, l.row(r))
		}
		next = first + s.span()
	}
	return rows
}
