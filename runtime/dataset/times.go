package dataset

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// times is a column that tells the rows of a series apart, by which they may turn out to be in another order than that of
// time.
type times struct {
	name    string
	field   int
	writing *data.Writing
	cells   []string
}

// timesOf are the columns of those names.
func timesOf(header, names []string, writing *data.Writing) []times {
	var list []times
	for _, name := range names {
		if field := slices.Index(header, name); field >= 0 {
			list = append(list, times{name: name, field: field, writing: writing})
		}
	}
	return list
}

// add takes the column's cell of a row.
func (c *times) add(cells []string) {
	c.cells = append(c.cells, strings.Clone(strings.TrimSpace(cells[c.field]))) // not a piece of the row's memory
}

// notes warn of rows that run backwards or in no order. Only a column of dates or of numbers throughout says so; of the
// ways in which dates may be read the one with the fewest steps back is taken.
func (c *times) notes(file string, l *lined) []string {
	forms := []func(text string) (float64, bool){func(text string) (float64, bool) {
		_, v, kind := c.writing.Parse(text)
		return v, kind == data.CellNumber
	}}
	for _, form := range dateForms {
		forms = append(forms, func(text string) (float64, bool) {
			at, err := time.Parse(form, text)
			return float64(at.Unix()), err == nil
		})
	}
	up, down := 0, -1
	for _, parse := range forms {
		if u, d, ok := c.steps(l, parse); ok && (down < 0 || d < down) {
			up, down = u, d
		}
	}
	switch {
	case down <= 0:
		return nil
	case up == 0:
		return []string{fmt.Sprintf("rows of %s run backwards in time, by %s: windows take them in the order of the file, so that the past is forecast from what came after it: reverse them", file, phrase.Visible(c.name))}
	}
	return []string{fmt.Sprintf("rows of %s are not in the order of %s, %d of %d steps go back: windows take them in the order of the file: sort them first, or say with --group which series each is of",
		file, phrase.Visible(c.name), down, up+down)}
}

// steps counts how often the next row of a series is a later or an earlier one; ok reports whether every cell can be read.
func (c *times) steps(l *lined, parse func(text string) (float64, bool)) (up, down int, ok bool) {
	begins, last := 0, 0.0
	for place := range l.rows {
		v, ok := parse(c.cells[l.row(place)])
		if !ok {
			return 0, 0, false
		}
		switch {
		case begins < len(l.begin) && place == l.begin[begins]:
			begins++
		case v > last:
			up++
		case v < last:
			down++
		}
		last = v
	}
	return up, down, true
}
