package data

import (
	"fmt"
	"maps"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Encode writes the model values of one raw row, cells in the order of Columns, to dst [Width]. An empty cell is
// the column's mean, a class that training never saw is all zeros; a text in a numeric column is an error. It is for
// models with one input, of real numbers; EncodeInputs is for all.
func (c *Codec) Encode(dst []float32, cells []string) error {
	if err := c.checkCells(len(cells)); err != nil {
		return err
	}
	if err := c.checkWidth(dst); err != nil {
		return err
	}
	inputs := [1]Block{{Float: dst}}
	return c.encode(inputs[:], cells)
}

// EncodeMap is Encode for cells by column name. The names must be those of Columns: a name that is missing or
// unknown is an error, so that a renamed field is not silently the mean. Use "" for a value that is missing.
func (c *Codec) EncodeMap(dst []float32, row map[string]string) error {
	if err := c.checkWidth(dst); err != nil {
		return err
	}
	inputs := [1]Block{{Float: dst}}
	return c.encodeMap(inputs[:], row)
}

// EncodeInputs is Encode for any inputs: it writes to one block per input, as Inputs describes them, of one row each.
// Inputs of integers take them as they stand; an empty cell there, or one out of the input's range, is an error.
func (c *Codec) EncodeInputs(inputs []Block, cells []string) error {
	if err := c.checkCells(len(cells)); err != nil {
		return err
	}
	if err := c.checkBlocks(inputs); err != nil {
		return err
	}
	return c.encode(inputs, cells)
}

// EncodeInputsMap is EncodeInputs for cells by column name, with EncodeMap's rules.
func (c *Codec) EncodeInputsMap(inputs []Block, row map[string]string) error {
	if err := c.checkBlocks(inputs); err != nil {
		return err
	}
	return c.encodeMap(inputs, row)
}

// EncodeBytes writes the model values of the bytes of an input, such as those of an image, to dst, which is as long. They
// are divided by what training divided by. It is for models that were trained on arrays or images.
func (c *Codec) EncodeBytes(dst []float32, input string, values []uint8) error {
	known := slices.ContainsFunc(c.arrays, func(a ArrayScale) bool { return a.Name == input })
	switch {
	case c.IsTable():
		return fmt.Errorf("encode: the model takes the columns of a table (%s), not bytes", phrase.Listed(c.Columns()))
	case !known:
		names := make([]string, len(c.arrays))
		for i, a := range c.arrays {
			names[i] = a.Name
		}
		return fmt.Errorf("encode: the model has no input %q%s (it has %s)", input, phrase.Suggest(input, names), phrase.Listed(names))
	case len(dst) != len(values):
		return fmt.Errorf("encode: dst has %s, there are %s", phrase.Counted(len(dst), "value"), phrase.Counted(len(values), "byte"))
	}
	divisor := float32(c.Divisor(input))
	for i, b := range values {
		dst[i] = float32(b) / divisor
	}
	return nil
}

func (c *Codec) encode(inputs []Block, cells []string) error {
	for i, cell := range cells {
		if err := c.EncodeCell(inputs, 0, i, cell); err != nil {
			return fmt.Errorf("column %q: %w", c.columns[i].Name, err)
		}
	}
	return nil
}

func (c *Codec) encodeMap(inputs []Block, row map[string]string) error {
	for i := range c.columns {
		name := c.columns[i].Name
		cell, ok := row[name]
		if !ok {
			return fmt.Errorf("encode: the row has no %q%s", name, phrase.Suggest(name, c.unknown(row)))
		}
		if err := c.EncodeCell(inputs, 0, i, cell); err != nil {
			return fmt.Errorf("column %q: %w", name, err)
		}
	}
	if len(row) == len(c.columns) {
		return nil
	}
	name := c.unknown(row)[0] // a row of more names than columns, with all of these, has others too
	return fmt.Errorf("encode: the model has no column %q%s", name, phrase.Suggest(name, c.Columns()))
}

// unknown are the names of a row that no column has, in byte order.
func (c *Codec) unknown(row map[string]string) []string {
	columns := c.Columns()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(row)), func(name string) bool { return slices.Contains(columns, name) })
}

// EncodeCell writes the model values of column i's cell to their place in a row of the inputs.
func (c *Codec) EncodeCell(inputs []Block, row, i int, cell string) error {
	col, s := &c.columns[i], c.slots[i]
	at := row*c.inputs[s.input].width + s.at
	if col.Kind == KindTokens {
		c.EncodeText(inputs, row, i, cell, nil)
		return nil
	}
	if col.Kind == KindIndex {
		v, err := col.EncodeIndex(c.cells, cell)
		if err != nil {
			return err
		}
		inputs[s.input].Int[at] = v
		return nil
	}
	return col.encode(inputs[s.input].Float[at:at+col.width()], c.cells, cell)
}

func (c *Codec) checkCells(n int) error {
	if n != len(c.columns) {
		return fmt.Errorf("encode: %s for %s", phrase.Counted(n, "cell"), phrase.Counted(len(c.columns), "column"))
	}
	return nil
}

func (c *Codec) checkWidth(dst []float32) error {
	if len(c.inputs) > 1 || len(c.inputs) == 1 && c.inputs[0].ints {
		return fmt.Errorf("encode: the columns make %s, not one input of real numbers: use EncodeInputs", c.made())
	}
	if len(dst) != c.Width() {
		return fmt.Errorf("encode: dst has %s, the columns make %d", phrase.Counted(len(dst), "value"), c.Width())
	}
	return nil
}

func (c *Codec) checkBlocks(inputs []Block) error {
	if len(inputs) != len(c.inputs) {
		return fmt.Errorf("encode: %s for %s", phrase.Counted(len(inputs), "block"), phrase.Counted(len(c.inputs), "input"))
	}
	for i, in := range c.inputs {
		got, want := len(inputs[i].Float), "values"
		if in.ints {
			got, want = len(inputs[i].Int), "integers"
		}
		if got != in.width {
			return fmt.Errorf("encode: the block of input %d has %d %s, the columns make %d", i+1, got, want, in.width)
		}
	}
	return nil
}
