package data

import (
	"fmt"
	"strings"
)

// fit makes the codec of a table, the statistics from the rows to train on, and the table's model values.
func (t *table) fit(train []int, input Port, targets []Port, scale string) (*Codec, *Dataset, error) {
	columns := make([]column, len(t.features))
	for i, f := range t.features {
		columns[i] = column{Name: f.name, Kind: f.kind}
		if f.kind == kindClass {
			columns[i].Classes = sorted(f.names)
			continue
		}
		if err := columns[i].measure(f.numbers, train); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	judged := make([]Target, len(targets))
	indices := make([][]int32, len(t.targets)) // of class targets: class by code
	for i, p := range targets {
		judged[i] = Target{Name: p.Name, Loss: p.Loss, Count: classCount(p)}
		for _, c := range t.parts[i] {
			col := column{Name: c.name, Kind: kindNumber}
			var err error
			if c.kind == kindClass {
				var index []int32
				col, index, err = c.classes(t.name, p.Loss, judged[i].Count)
				indices[len(judged[i].Columns)+t.firstTarget(i)] = index
			} else {
				err = col.measure(c.numbers, train)
			}
			if err != nil {
				return nil, nil, err
			}
			judged[i].Columns = append(judged[i].Columns, col)
		}
	}
	codec := newCodec(scale, columns, nil, judged)
	if codec.Width() != input.Size() {
		return nil, nil, t.widthError(codec, input)
	}
	set := &Dataset{rows: allRows(t.rows)}
	block, err := t.encodeFeatures(codec)
	if err != nil {
		return nil, nil, err
	}
	set.inputs = []field{{port: input, size: input.Size(), block: block}}
	for i, p := range targets {
		block, err := t.encodeTarget(i, p, codec.targets[i], indices[t.firstTarget(i):])
		if err != nil {
			return nil, nil, err
		}
		set.targets = append(set.targets, field{port: p, size: p.Size(), block: block})
	}
	return codec, set, nil
}

// firstTarget is the index of target i's first column among all target columns.
func (t *table) firstTarget(i int) int {
	n := 0
	for _, part := range t.parts[:i] {
		n += len(part)
	}
	return n
}

// classCount is the number of classes of a target: the limit of cross_entropy's indices, 2 of bce_logits, else 0.
func classCount(p Port) int {
	switch p.Loss {
	case LossCrossEntropy:
		return p.Limit
	case LossBCELogits:
		return 2
	}
	return 0
}

func (t *table) encodeFeatures(codec *Codec) (Block, error) {
	w := codec.Width()
	values := make([]float32, t.rows*w)
	at := 0
	for i, f := range t.features {
		c := &codec.columns[i]
		if c.Kind == kindClass {
			index := make([]int, len(f.names))
			for code, name := range f.names {
				index[code] = c.index[name]
			}
			for r, code := range f.codes {
				if code >= 0 {
					values[r*w+at+index[code]] = 1
				}
			}
		} else {
			for r, v := range f.numbers {
				y := c.empty
				if v == v {
					var err error
					if y, err = c.number(v); err != nil {
						return Block{}, fmt.Errorf("%s: row %d: column %q: %w", t.name, r+1, c.Name, err)
					}
				}
				values[r*w+at] = y
			}
		}
		at += c.width()
	}
	return Block{Float: values}, nil
}

func (t *table) encodeTarget(i int, p Port, target Target, indices [][]int32) (Block, error) {
	block, size := NewBlock(p, t.rows), p.Size()
	for j, c := range t.parts[i] {
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

// widthError says which columns made which features, and what to write.
func (t *table) widthError(codec *Codec, input Port) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the columns make %s, but the model's input %s takes %d:", t.name,
		counted(codec.Width(), "feature"), input.Name, input.Size())
	var numbers []string
	for _, c := range codec.columns {
		if c.Kind == kindNumber {
			numbers = append(numbers, c.Name)
		}
	}
	if len(numbers) > 0 {
		fmt.Fprintf(&b, "\n  %s from %s", counted(len(numbers), "number"), listed(numbers))
	}
	for _, c := range codec.columns {
		if c.Kind == kindClass {
			fmt.Fprintf(&b, "\n  %s from %s (%s)", counted(len(c.Classes), "indicator"), c.Name, listed(c.Classes))
		}
	}
	n := codec.Width()
	fmt.Fprintf(&b, "\nwrite `input %s[%d]` (or `linear %d->…` where there is no input statement), or choose columns with --features or --drop", input.Name, n, n)
	return fmt.Errorf("%s", b.String())
}

func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
