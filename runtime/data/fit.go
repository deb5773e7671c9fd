package data

import (
	"fmt"
	"strings"
)

// fit makes the codec of a table, the statistics from the rows to train on, and the table's model values.
func (t *table) fit(train []int, inputs, targets []Port, scale string) (*Codec, *Dataset, error) {
	columns, parts, err := t.fitInputs(train, inputs)
	if err != nil {
		return nil, nil, err
	}
	judges := targetsOf(inputs, targets)
	indices, err := t.fitTargets(train, judges[:len(targets)])
	if err != nil {
		return nil, nil, err
	}
	codec := newCodec(scale, columns, parts, nil, judges)
	if err := t.checkInputs(codec, inputs); err != nil {
		return nil, nil, err
	}
	set := &Dataset{rows: allRows(t.rows)}
	blocks, err := t.encodeInputs(codec, inputs)
	if err != nil {
		return nil, nil, err
	}
	for i, p := range inputs {
		set.inputs = append(set.inputs, field{port: p, size: p.Size(), block: blocks[i]})
	}
	for i, p := range targets {
		block, err := t.encodeTarget(i, p, codec.targets[i], indices[i])
		if err != nil {
			return nil, nil, err
		}
		set.targets = append(set.targets, field{port: p, size: p.Size(), block: block})
	}
	return codec, set, nil
}

// fitInputs works out the columns of the inputs, and how many are whose.
func (t *table) fitInputs(train []int, inputs []Port) ([]column, []inputColumns, error) {
	var columns []column
	var parts []inputColumns
	for i, p := range inputs {
		for _, f := range t.inputs[i] {
			c := column{Name: f.name, Kind: f.kind, Limit: f.limit}
			switch f.kind {
			case kindClass:
				c.Classes = sorted(f.names)
			case kindNumber:
				if err := c.measure(f.numbers, train); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", t.name, err)
				}
			}
			columns = append(columns, c)
		}
		if len(inputs) > 1 {
			parts = append(parts, inputColumns{Name: p.Name, Columns: len(t.inputs[i])})
		}
	}
	return columns, parts, nil
}

// fitTargets gives the targets their columns. It returns, by target and column, the class of each code of a text.
func (t *table) fitTargets(train []int, targets []Target) ([][][]int32, error) {
	indices := make([][][]int32, len(targets))
	for i := range targets {
		target := &targets[i]
		for _, c := range t.targets[i] {
			col := column{Name: c.name, Kind: kindNumber, Deviation: 1}
			var index []int32
			var err error
			switch {
			case c.kind == kindClass:
				col, index, err = c.classes(t.name, target.Judged, target.Count)
			case target.scaled():
				err = col.measure(c.numbers, train)
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
func (t *table) checkInputs(codec *Codec, inputs []Port) error {
	columns := codec.columns
	for i, p := range inputs {
		in := codec.inputs[i]
		own := columns[:in.Columns]
		columns = columns[in.Columns:]
		if in.width != p.Size() {
			return t.widthError(own, in.width, p, len(inputs) > 1)
		}
		numbers := namesOf(own, kindNumber)
		if p.Judged == nil || p.Judged.scaled() || codec.scale == ScaleNone || len(numbers) == 0 {
			continue
		}
		if p.Judged.Kind == Flag {
			return fmt.Errorf("%s: %s compares with the input %s, whose values must lie between 0 and 1, but standardised numbers (%s) do not: use --scale none",
				t.name, p.Judged.Loss, p.Name, listed(numbers))
		}
		return fmt.Errorf("%s: %s compares with the input %s in its own units, but numbers (%s) would be standardised: use --scale none",
			t.name, p.Judged.Loss, p.Name, listed(numbers))
	}
	return nil
}

// encodeInputs makes a block of model values for each input.
func (t *table) encodeInputs(codec *Codec, inputs []Port) ([]Block, error) {
	blocks := make([]Block, len(inputs))
	at := 0
	for i, p := range inputs {
		blocks[i] = NewBlock(p, t.rows)
		for _, f := range t.inputs[i] {
			if err := t.encodeColumn(blocks[i], p, f, &codec.columns[at], codec.slots[at].at); err != nil {
				return nil, err
			}
			at++
		}
	}
	return blocks, nil
}

// encodeColumn writes the model values of one of p's columns to each row's element at, and those behind it.
func (t *table) encodeColumn(dst Block, p Port, f *tableColumn, c *column, at int) error {
	width := p.Size()
	switch c.Kind {
	case kindIndex:
		for r, v := range f.codes {
			dst.Int[r*width+at] = v
		}
	case kindClass:
		index := make([]int, len(f.names))
		for code, name := range f.names {
			index[code] = c.index[name]
		}
		for r, code := range f.codes {
			if code >= 0 {
				dst.Float[r*width+at+index[code]] = 1
			}
		}
	default:
		for r, v := range f.numbers {
			y, err := c.empty, error(nil)
			if v == v {
				if y, err = c.number(v); err == nil {
					err = p.checkJudged(y)
				}
			}
			if err != nil {
				return fmt.Errorf("%s: row %d: column %q: %w", t.name, r+1, c.Name, err)
			}
			dst.Float[r*width+at] = y
		}
	}
	return nil
}

func (t *table) encodeTarget(i int, p Port, target Target, indices [][]int32) (Block, error) {
	block, size := NewBlock(p, t.rows), p.Size()
	for j, c := range t.targets[i] {
		for r := range t.rows {
			switch {
			case p.Int:
				block.Int[r*size+j] = indices[j][c.codes[r]]
			case c.kind == kindClass:
				block.Float[r*size+j] = float32(indices[j][c.codes[r]])
			default:
				y, err := target.Columns[j].number(c.numbers[r])
				if err != nil {
					return Block{}, fmt.Errorf("%s: row %d: column %q: %w", t.name, r+1, c.name, err)
				}
				block.Float[r*size+j] = y
			}
		}
	}
	return block, nil
}

// widthError says which columns made which values of an input, and what to write.
func (t *table) widthError(columns []column, width int, input Port, several bool) error {
	made := Port{Name: input.Name, Shape: []int{width}, Limit: input.Limit}
	write, choose := fmt.Sprintf("write `input %s`", inputList([]Port{made})), "choose columns with --features or --drop"
	if several {
		choose = fmt.Sprintf("choose its columns with --features %s=…", input.Name)
	}
	if input.Int {
		return fmt.Errorf("%s: the model's input %s takes %s, but %s it (%s)\n%s, or %s", t.name, input.Name,
			counted(input.Size(), "integer"), feed(width), listed(namesOf(columns, kindIndex)), write, choose)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the columns make %s, but the model's input %s takes %d:", t.name,
		counted(width, "feature"), input.Name, input.Size())
	if numbers := namesOf(columns, kindNumber); len(numbers) > 0 {
		fmt.Fprintf(&b, "\n  %s from %s", counted(len(numbers), "number"), listed(numbers))
	}
	for _, c := range columns {
		if c.Kind == kindClass {
			fmt.Fprintf(&b, "\n  %s from %s (%s)", counted(len(c.Classes), "indicator"), c.Name, listed(c.Classes))
		}
	}
	if !several {
		write += fmt.Sprintf(" (or `linear %d->…` where there is no input statement)", width)
	}
	fmt.Fprintf(&b, "\n%s, or %s", write, choose)
	return fmt.Errorf("%s", b.String())
}

// feed is "1 column feeds", "3 columns feed".
func feed(columns int) string {
	if columns == 1 {
		return "1 column feeds"
	}
	return counted(columns, "column") + " feed"
}

func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
