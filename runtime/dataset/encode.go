package dataset

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
)

// encodeInputs makes a block of model values for each input.
func (t *table) encodeInputs(codec *data.Codec, inputs []data.Port) ([]data.Block, error) {
	blocks := make([]data.Block, len(inputs))
	for i, p := range inputs {
		blocks[i] = data.NewBlock(p, t.rows)
	}
	at := 0
	for i, p := range inputs {
		for _, f := range t.inputs[i] {
			if f.kind == data.KindTokens {
				var count data.TextCount
				for r, text := range f.texts {
					codec.EncodeText(blocks, r, at, text, &count)
				}
				if count.Texts > 0 { // those of a pair count once
					t.fitNotes = append(t.fitNotes, fmt.Sprintf("%s: %s", codec.TextName(at), count.Said(codec.Column(at).Tokens)))
				}
				at++
				continue
			}
			_, first := codec.Slot(at)
			if err := t.encodeColumn(blocks[i], p, f, codec.Column(at), first); err != nil {
				return nil, err
			}
			at++
		}
		if at, err := checkRows(p, blocks[i].Float); err != nil {
			return nil, fmt.Errorf("%s: row %d: the input %s: %w", t.name, at/p.Size()+1, p.Name, err)
		}
	}
	return blocks, nil
}

// encodeColumn writes the model values of one of p's columns to each row's element at, and those behind it.
func (t *table) encodeColumn(dst data.Block, p data.Port, f *tableColumn, c *data.Column, at int) error {
	width := p.Size()
	switch {
	case f.dictionary:
		index := f.indices(c)
		for r, code := range f.codes {
			v := int32(len(c.Classes)) // for a text never seen
			if code >= 0 {
				v = index[code]
			}
			if c.Limit > 0 && int(v) >= c.Limit {
				return fmt.Errorf("%s: column %q: the cell of row %d is empty, and its input's limit leaves no integer for that: %s", t.name, c.Name, r+1, p.Widen(len(c.Classes)+1))
			}
			dst.Int[r*width+at] = v
		}
	case c.Kind == data.KindIndex:
		for r, v := range f.codes {
			dst.Int[r*width+at] = v
		}
	case c.Kind == data.KindClass:
		index := f.indices(c)
		for r, code := range f.codes {
			if code >= 0 && index[code] >= 0 {
				dst.Float[r*width+at+int(index[code])] = 1
			}
		}
	default:
		for r, v := range f.numbers {
			to := dst.Float[r*width+at:]
			err := c.EncodeNumber(to, v)
			if err == nil {
				err = p.CheckJudged(to[0])
			}
			if err != nil {
				return fmt.Errorf("%s: row %d: column %q: %w", t.name, r+1, c.Name, err)
			}
		}
	}
	return nil
}

// indices are the codec's index of each code, −1 for a text that training never saw.
func (f *tableColumn) indices(c *data.Column) []int32 {
	index := make([]int32, len(f.names))
	for code, name := range f.names {
		if i, seen := c.Class(name); seen {
			index[code] = int32(i)
		} else {
			index[code] = -1
		}
	}
	return index
}

func (t *table) encodeTarget(i int, p data.Port, target data.Target, indices [][]int32) (data.Block, error) {
	block, size := data.NewBlock(p, t.rows), p.Size()
	for j, c := range t.targets[i] {
		for r := range t.rows {
			switch {
			case t.window > 0 && t.without[r]:
			case p.Int && c.kind == data.KindClass:
				block.Int[r*size+j] = indices[j][c.codes[r]]
			case c.kind == data.KindClass:
				block.Float[r*size+j] = float32(indices[j][c.codes[r]])
			default:
				y, err := target.Columns[j].Number(c.numbers[r])
				if err == nil {
					err = p.CheckJudged(y)
				}
				if err != nil {
					return data.Block{}, fmt.Errorf("%s: row %d: column %q: %w", t.name, r+1, c.name, err)
				}
				if p.Int {
					block.Int[r*size+j] = int32(y)
				} else {
					block.Float[r*size+j] = y
				}
			}
		}
	}
	if at, err := checkRows(p, block.Float); err != nil {
		last := min(at%size+p.Shape[len(p.Shape)-1], len(target.Columns)) - 1
		return data.Block{}, fmt.Errorf("%s: row %d: columns %q to %q: %w", t.name, at/size+1, target.Columns[at%size].Name, target.Columns[last].Name, err)
	}
	return block, nil
}

// checkRows finds rows of p's values that its losses cannot compare with: the first element that is wrong, and what is.
func checkRows(p data.Port, values []float32) (at int, err error) {
	size := p.Size()
	for r := 0; r < len(values); r += size {
		if at, err := p.CheckJudgedRow(values[r : r+size]); err != nil {
			return r + at, err
		}
	}
	return 0, nil
}
