package data

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Scale says whether numbers are standardised.
const (
	ScaleStandard = "standard" // mean 0 and deviation 1; bytes of an array divided by 255
	ScaleNone     = "none"     // as they stand
)

// Codec turns raw rows into model values and back: the columns in order, their kinds and statistics, the scaling
// of arrays, the targets' classes and units. It is stored with the weights and is the only arithmetic between raw
// and model values, so that training, prediction and a service agree to the bit. It does not change after it
// was made; any number of goroutines may use it.
type Codec struct {
	scale   string
	columns []column     // of a table
	arrays  []arrayScale // else
	targets []Target
	width   int
}

// arrayScale is what the bytes of an input's array are divided by; 0 if training saw no bytes.
type arrayScale struct {
	Name    string  `json:"name"`
	Divisor float64 `json:"divisor,omitempty"`
}

// newCodec makes a codec of parts that are known to be sound.
func newCodec(scale string, columns []column, arrays []arrayScale, targets []Target) *Codec {
	c := &Codec{scale: scale, columns: columns, arrays: arrays, targets: targets}
	for i := range columns {
		columns[i].prepare(scale)
		c.width += columns[i].width()
	}
	for i := range targets {
		for j := range targets[i].Columns {
			targets[i].Columns[j].prepare(scale)
		}
	}
	return c
}

// IsTable reports whether the raw rows are those of a table. The codec of arrays has no columns to encode.
func (c *Codec) IsTable() bool { return len(c.columns) > 0 }

// Scale is ScaleStandard or ScaleNone.
func (c *Codec) Scale() string { return c.scale }

// Columns are the names of the feature columns, in the order in which Encode takes their cells.
func (c *Codec) Columns() []string {
	names := make([]string, len(c.columns))
	for i := range c.columns {
		names[i] = c.columns[i].Name
	}
	return names
}

// Width is the number of model values that Encode writes.
func (c *Codec) Width() int { return c.width }

// Targets are the model's targets, in its order.
func (c *Codec) Targets() []Target { return slices.Clone(c.targets) }

// Classes are the names of the first target's classes by index, nil where it is not a class.
func (c *Codec) Classes() []string {
	if len(c.targets) == 0 {
		return nil
	}
	return c.targets[0].Classes()
}

// Encode writes the model values of one raw row, cells in the order of Columns, to dst [Width]. An empty cell is
// the column's mean, a class that training never saw is all zeros; a text in a numeric column is an error.
func (c *Codec) Encode(dst []float32, cells []string) error {
	if len(cells) != len(c.columns) {
		return fmt.Errorf("encode: %s for %s", counted(len(cells), "cell"), counted(len(c.columns), "column"))
	}
	if err := c.checkWidth(dst); err != nil {
		return err
	}
	at := 0
	for i := range c.columns {
		col := &c.columns[i]
		w := col.width()
		if err := col.encode(dst[at:at+w], cells[i]); err != nil {
			return fmt.Errorf("column %q: %w", col.Name, err)
		}
		at += w
	}
	return nil
}

// EncodeMap is Encode for cells by column name. The names must be those of Columns: a name that is missing or
// unknown is an error, so that a renamed field is not silently the mean. Use "" for a value that is missing.
func (c *Codec) EncodeMap(dst []float32, row map[string]string) error {
	if err := c.checkWidth(dst); err != nil {
		return err
	}
	at := 0
	for i := range c.columns {
		col := &c.columns[i]
		cell, ok := row[col.Name]
		if !ok {
			return fmt.Errorf("encode: the row has no %q%s", col.Name, suggest(col.Name, slices.Sorted(maps.Keys(row))))
		}
		w := col.width()
		if err := col.encode(dst[at:at+w], cell); err != nil {
			return fmt.Errorf("column %q: %w", col.Name, err)
		}
		at += w
	}
	if len(row) == len(c.columns) {
		return nil
	}
	columns := c.Columns()
	for _, name := range slices.Sorted(maps.Keys(row)) {
		if !slices.Contains(columns, name) {
			return fmt.Errorf("encode: the model has no column %q%s", name, suggest(name, columns))
		}
	}
	return nil
}

// Decode turns one row of the first target's output into numbers in their own units, or into probabilities (see
// Target.Decode). dst and out have equal lengths and may be the same.
func (c *Codec) Decode(dst, out []float32) error {
	if len(c.targets) == 0 {
		return errors.New("decode: the codec has no target")
	}
	return c.targets[0].Decode(dst, out)
}

// Fits returns an error if the codec was not made for a model of these inputs and targets.
func (c *Codec) Fits(inputs, targets []Port) error {
	if c.IsTable() {
		if len(inputs) != 1 || inputs[0].Int || inputs[0].Size() != c.width {
			return fmt.Errorf("the stored columns make %s, which is not what the model takes (%s): were the weights trained with another spec?",
				counted(c.width, "feature"), portList(inputs))
		}
	} else {
		for _, a := range c.arrays {
			if !slices.ContainsFunc(inputs, func(p Port) bool { return p.Name == a.Name }) {
				return fmt.Errorf("the stored scaling is of an input %q, which the model lacks (it takes %s)", a.Name, portList(inputs))
			}
		}
	}
	if len(c.targets) != len(targets) {
		return fmt.Errorf("the stored codec has %s, the model %d", counted(len(c.targets), "target"), len(targets))
	}
	for i, t := range c.targets {
		p := targets[i]
		wrong := t.Name != p.Name || t.Loss != p.Loss
		wrong = wrong || t.Loss == LossCrossEntropy && p.Limit > 0 && t.Count != p.Limit
		wrong = wrong || len(t.Columns) > 0 && len(t.Columns) != p.Size()
		if wrong {
			return fmt.Errorf("the stored target %q (%s) is not the model's %q (%s): were the weights trained with another spec?",
				t.Name, t.Loss, p.Name, p.Loss)
		}
	}
	return nil
}

func (c *Codec) checkWidth(dst []float32) error {
	if len(dst) != c.width {
		return fmt.Errorf("encode: dst has %s, the columns make %d", counted(len(dst), "value"), c.width)
	}
	return nil
}

func portList(ports []Port) string {
	s := ""
	for i, p := range ports {
		if i > 0 {
			s += ", "
		}
		s += p.Name + shapeString(p.Shape)
	}
	return s
}

// Describe says in a few lines what happens to the raw values.
func (c *Codec) Describe() []string {
	var lines []string
	how := "standardised"
	if c.scale == ScaleNone {
		how = "as they stand"
	}
	var numbers []string
	for i := range c.columns {
		if c.columns[i].Kind == kindNumber {
			numbers = append(numbers, c.columns[i].Name)
		}
	}
	if len(numbers) > 0 {
		lines = append(lines, fmt.Sprintf("numbers %s: %s", how, listed(numbers)))
	}
	for i := range c.columns {
		if col := &c.columns[i]; col.Kind == kindClass {
			lines = append(lines, fmt.Sprintf("%s as %s: %s", col.Name, counted(len(col.Classes), "indicator"), listed(col.Classes)))
		}
	}
	for _, a := range c.arrays {
		if a.Divisor > 0 {
			lines = append(lines, fmt.Sprintf("%s: bytes divided by %g", a.Name, a.Divisor))
		} else {
			lines = append(lines, fmt.Sprintf("%s: as it stands", a.Name))
		}
	}
	for i := range c.targets {
		t := &c.targets[i]
		name := "target"
		if names := listed(t.Names()); names != name {
			name += " " + names
		}
		switch {
		case t.IsClass() && len(t.Columns) > 0 && t.Columns[0].Kind == kindClass:
			lines = append(lines, fmt.Sprintf("%s: classes %s", name, listed(t.Columns[0].Classes)))
		case t.IsClass():
			lines = append(lines, fmt.Sprintf("%s: %d classes by index", name, t.Count))
		case len(t.Columns) == 0:
			lines = append(lines, fmt.Sprintf("%s: as it stands", name))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s", name, how))
		}
	}
	return lines
}
