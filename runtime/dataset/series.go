package dataset

import (
	"fmt"

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
	size := 0
	for _, p := range targets {
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
		what = fmt.Sprintf(", with the target %s behind it,", phrase.Counted(s.Horizon, "row"))
	case s.ahead > 1:
		what = fmt.Sprintf(", with targets up to %s behind it,", phrase.Counted(s.Horizon-1+s.ahead, "row"))
	}
	return fmt.Errorf("%s: there are only %s: a window of %s%s takes %d", name, phrase.Counted(rows, "row"), phrase.Counted(s.Window, "row"), what, s.span())
}

// starts are the first rows of the windows in so many rows of a table, in ascending order; none where a row that is to be
// forecast is without a target.
func (s *series) starts(rows int, without []bool) []int {
	var starts []int
	clear := 0 // rows with a target, up to this one
	for r := range rows {
		clear++
		if without != nil && without[r] {
			clear = 0
		}
		if first := r - s.span() + 1; first >= 0 && clear >= s.ahead {
			starts = append(starts, first)
		}
	}
	return starts
}

// set makes of the rows of a table the windows for a model of these ports. They share the memory of the rows.
func (s *series) set(d *Set, starts []int, inputs, targets []data.Port) *Set {
	w := &Set{rows: starts}
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

// touched are the rows of the table that windows, by their first rows in ascending order, and their targets take.
func (s *series) touched(starts []int) []int {
	var rows []int
	next := 0
	for _, first := range starts {
		for r := max(first, next); r < first+s.span(); r++ {
			rows = append(rows, r)
		}
		next = first + s.span()
	}
	return rows
}
