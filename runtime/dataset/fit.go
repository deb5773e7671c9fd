package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// fit makes the codec of a table, the statistics from the rows to train on, and the table's model values.
func (t *table) fit(train []int, inputs, targets []data.Port, scale string) (*data.Codec, *Set, error) {
	t.fitNotes = nil
	columns, parts, err := t.fitInputs(train, inputs)
	if err != nil {
		return nil, nil, err
	}
	judges := data.TargetsOf(inputs, targets)
	indices, err := t.fitTargets(train, judges[:len(targets)])
	if err != nil {
		return nil, nil, err
	}
	codec := data.NewCodec(scale, t.how.writing(), columns, parts, nil, judges)
	if err := t.checkInputs(codec, inputs); err != nil {
		return nil, nil, err
	}
	set := &Set{rows: allRows(t.rows)}
	blocks, err := t.encodeInputs(codec, inputs)
	if err != nil {
		return nil, nil, err
	}
	for i, p := range inputs {
		set.inputs = append(set.inputs, field{port: p, size: p.Size(), block: blocks[i]})
	}
	judgedBy := codec.Targets()
	for i, p := range targets {
		block, err := t.encodeTarget(i, p, judgedBy[i], indices[i])
		if err != nil {
			return nil, nil, err
		}
		set.targets = append(set.targets, field{port: p, size: p.Size(), block: block})
	}
	if i, at, err := set.checkSpans(); err != nil {
		return nil, nil, fmt.Errorf("%s: row %d: column %q: %w", t.name, at/2+1, t.targets[i][at%2].name, err)
	}
	return codec, set, nil
}

// fitInputs works out the columns of the inputs, and how many are whose.
func (t *table) fitInputs(train []int, inputs []data.Port) ([]data.Column, []data.InputColumns, error) {
	var columns []data.Column
	var parts []data.InputColumns
	for i, p := range inputs {
		for _, f := range t.inputs[i] {
			if f.kind == data.KindTokens && t.from == nil && !f.sure && f.numeric == f.filled {
				return nil, nil, fmt.Errorf("%w, or take its numbers as texts with %s",
					t.widthError([]data.Column{{Name: f.name, Kind: data.KindIndex}}, 1, p, len(inputs) > 1), phrase.Option("--text", f.name))
			}
			c, err := t.fitColumn(f, len(columns), p, train)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", t.name, err)
			}
			columns = append(columns, c)
		}
		if measure, ok := t.measures[i]; ok {
			parts = append(parts, measure)
		} else if len(inputs) > 1 {
			parts = append(parts, data.InputColumns{Name: p.Name, Columns: len(t.inputs[i])})
		}
	}
	return columns, parts, nil
}

// fitColumn works out what the codec stores of a feature of the input p, the codec's column i: the texts from the whole table, the rest from
// the rows to train on.
func (t *table) fitColumn(f *tableColumn, i int, p data.Port, train []int) (data.Column, error) {
	if t.from != nil {
		return t.takeOver(f, t.from.Codec.Column(i), train)
	}
	c := data.Column{Name: f.name, Kind: f.kind, Limit: f.limit, Signed: f.signed}
	switch {
	case f.kind == data.KindNumber:
		if err := c.Measure(f.numbers, train); err != nil {
			return c, err
		}
		t.noteMissing(f, &c, train)
	case f.kind == data.KindTokens:
		var err error
		if c.Tokens, err = t.fitText(f, p, train); err != nil {
			return c, err
		}
	case f.kind == data.KindClass:
		t.noteEmpty(f)
		c.Classes = sorted(f.names)
		seen := make([]bool, len(f.names))
		for _, r := range train {
			if code := f.codes[r]; code >= 0 {
				seen[code] = true
			}
		}
		for code, name := range f.names {
			if !seen[code] {
				c.Absent = append(c.Absent, name)
			}
		}
		slices.Sort(c.Absent)
		if len(c.Absent) > 0 {
			t.fitNotes = append(t.fitNotes, fmt.Sprintf("%s: no row to train on has %s: taken as texts never seen, all indicators 0", phrase.Visible(f.name), phrase.Listed(c.Absent)))
		}
	case f.dictionary:
		c.Classes = sorted(f.names)
		if f.limit > 0 && len(c.Classes) > f.limit {
			return c, fmt.Errorf("column %q has %d different texts, but its input takes integers below %d: %s, which leaves one for texts never seen",
				f.name, len(c.Classes), f.limit, p.Widen(len(c.Classes)+1))
		}
	}
	return c, nil
}

// noteEmpty says how many cells of a column of texts are empty.
func (t *table) noteEmpty(f *tableColumn) {
	empty := 0
	for _, code := range f.codes {
		if code < 0 {
			empty++
		}
	}
	if empty > 0 {
		t.fitNotes = append(t.fitNotes, fmt.Sprintf("%s: %d of %d values are missing: all indicators 0", phrase.Visible(f.name), empty, t.rows))
	}
}

// noteMissing says how many values are missing, and gives the column the second value that was asked for.
func (t *table) noteMissing(f *tableColumn, c *data.Column, train []int) {
	missing := 0
	for r := range t.rows {
		if f.missing(r) {
			missing++
		}
	}
	if missing == 0 {
		return
	}
	texts := ""
	if n := f.filled - f.numeric; f.signed && n > 0 && len(f.strays) > 0 {
		texts = fmt.Sprintf(" (%d no numbers, such as %s)", n, phrase.Quoted(f.strays[0].text))
	}
	note := fmt.Sprintf("%s: %d of %d values are missing%s: the mean, %.6g, stands for them", phrase.Visible(f.name), missing, t.rows, texts, c.Mean)
	if t.how.MissingIndicator && slices.ContainsFunc(train, f.missing) {
		c.Indicator = true
		note += ", and a second value says so"
	}
	t.fitNotes = append(t.fitNotes, note)
}

// fitTargets gives the targets their columns. It returns, by target and column, the class of each code of a text.
func (t *table) fitTargets(train []int, targets []data.Target) ([][][]int32, error) {
	indices := make([][][]int32, len(targets))
	for i := range targets {
		target := &targets[i]
		for j, c := range t.targets[i] {
			col := data.Column{Name: c.name, Kind: data.KindNumber, Deviation: 1, Signed: c.signed}
			var index []int32
			var err error
			switch {
			case t.from != nil && !t.from.NewTargets:
				col, index, err = t.takeOverTarget(c, target, t.from.Codec.Targets()[i].Columns[j], train)
			case c.kind == data.KindClass:
				col, index, err = c.classes(t.name, target.Judged, target.Count)
			case target.Scaled():
				err = col.Measure(c.numbers, train)
			}
			if err != nil {
				return nil, err
			}
			target.Columns = append(target.Columns, col)
			indices[i] = append(indices[i], index)
		}
	}
	return indices, nil
}

// checkInputs compares what the columns make with what the model takes.
func (t *table) checkInputs(codec *data.Codec, inputs []data.Port) error {
	made := codec.Inputs()
	for i, p := range inputs {
		own := codec.InputColumns(i)
		if width := made[i].Size(); width != p.Size() {
			return t.widthError(own, width, p, len(inputs) > 1)
		}
		numbers := data.NamesOf(own, data.KindNumber)
		if p.Judged == nil || p.Judged.Scaled() || codec.Scale() == data.ScaleNone || len(numbers) == 0 {
			continue
		}
		if p.Judged.Kind == data.Flag {
			return fmt.Errorf("%s: %s compares with the input %s, whose values must lie between 0 and 1, but standardised numbers (%s) do not: use --scale none",
				t.name, p.Judged.Loss, p.Name, phrase.Listed(numbers))
		}
		return fmt.Errorf("%s: %s compares with the input %s in its own units, but numbers (%s) would be standardised: use --scale none",
			t.name, p.Judged.Loss, p.Name, phrase.Listed(numbers))
	}
	return nil
}

func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
