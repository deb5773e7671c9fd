package data

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Series says how the rows of a table, which follow one another in time, make the rows of a model: each is a window of
// so many rows, and what is forecast are targets of rows behind it. The zero Series says that each row stands alone.
type Series struct {
	Window  int `json:"window"`  // rows
	Horizon int `json:"horizon"` // rows from the last of a window to the first whose targets are forecast

	Group string `json:"group,omitempty"` // column whose rows of one text are a series of their own; "": all rows are one
}

// maxWindow bounds the rows of a window, and those of a horizon.
const maxWindow = 1 << 20

// maxWindowValues bounds the model values of a window, all inputs together, of which a History holds two.
const maxWindowValues = 1 << 22

// VerifyValues reports whether a window whose every row has so many values is too large.
func (s Series) VerifyValues(row int) error {
	if s.Window > 0 && row > maxWindowValues/s.Window {
		return fmt.Errorf("a window of %d rows of %d values: it may have %d values in all", s.Window, row, maxWindowValues)
	}
	return nil
}

// Verify reports what is wrong with it.
func (s Series) Verify() error {
	switch {
	case s.Window < 1 || s.Window > maxWindow:
		return fmt.Errorf("a window of %d rows: it must have 1 to %d", s.Window, maxWindow)
	case s.Horizon < 1 || s.Horizon > maxWindow:
		return fmt.Errorf("a horizon of %d rows: it must be 1 to %d", s.Horizon, maxWindow)
	}
	return nil
}

// Series is how rows of the table make windows; zero where each row stands alone. Encode and its like make model values
// of one row of the table, and History those of a window.
func (c *Codec) Series() Series { return c.series }

// InSeries is the codec for windows of the rows that c encodes. Of each target as many rows are forecast, one behind the
// other.
func (c *Codec) InSeries(s Series, ahead int) *Codec {
	other := *c
	other.series, other.targets = s, c.Targets()
	if ahead < 2 {
		return &other
	}
	for i := range other.targets {
		t := &other.targets[i]
		row := t.Columns
		t.Columns = nil
		if t.Kind == Class { // a column has the classes of all rows
			t.Columns = slices.Clone(row)
			t.Columns[0].Ahead = s.Horizon
			continue
		}
		for k := range ahead {
			for _, column := range row {
				column.Ahead = s.Horizon + k
				t.Columns = append(t.Columns, column)
			}
		}
	}
	return &other
}

// Sources are the names of the table's columns that the target is read from; none of an array. Columns has those of a
// series once for each row that is forecast.
func (t *Target) Sources() []string {
	var names []string
	for i := range t.Columns {
		if t.Columns[i].Ahead != t.Columns[0].Ahead {
			break
		}
		names = append(names, t.Columns[i].Name)
	}
	return names
}

// verifySeries checks that the columns of the targets are those of rows one behind the other.
func (s *storedCodec) verifySeries() error {
	if s.Series == nil {
		return s.verifyAhead(0)
	}
	if len(s.Columns) == 0 {
		return fmt.Errorf("windows without a table")
	}
	if err := s.Series.Verify(); err != nil {
		return err
	}
	return s.verifyAhead(s.Series.Horizon)
}

func (s *storedCodec) verifyAhead(horizon int) error {
	for i := range s.Columns {
		if s.Columns[i].Ahead != 0 {
			return fmt.Errorf("column %s: a feature lies in no row ahead", phrase.Quoted(s.Columns[i].Name))
		}
	}
	for i := range s.Targets {
		t := &s.Targets[i]
		row := len(t.Sources())
		for j := range t.Columns {
			c, first := &t.Columns[j], &t.Columns[j%row]
			want := 0
			if row < len(t.Columns) || t.Kind == Class && c.Ahead != 0 {
				want = horizon + j/row
			}
			if c.Ahead != want || c.Name != first.Name || c.Mean != first.Mean || c.Deviation != first.Deviation ||
				len(t.Columns)%row != 0 || !slices.Equal(c.Classes, first.Classes) {
				return fmt.Errorf("target %s: column %s is not one of rows one after another", phrase.Quoted(t.Name), phrase.Quoted(c.Name))
			}
		}
	}
	return nil
}

// describeSeries says what a row of the model is; "" where it is one of the table.
func (c *Codec) describeSeries() string {
	s := c.series
	if s.Window == 0 {
		return ""
	}
	what, last := "target", 0
	for i := range c.targets {
		if t := &c.targets[i]; len(t.Columns) > 0 {
			last = max(last, t.Columns[len(t.Columns)-1].Ahead)
		}
	}
	where := phrase.Counted(s.Horizon, "row")
	if last > s.Horizon {
		what, where = "targets", fmt.Sprintf("%d to %d rows", s.Horizon, last)
	}
	each := ""
	if s.Group != "" {
		each = fmt.Sprintf(" of each %s", phrase.Visible(s.Group))
	}
	return fmt.Sprintf("windows of %s%s in order, the %s %s after its last", phrase.Counted(s.Window, "row"), each, what, where)
}
