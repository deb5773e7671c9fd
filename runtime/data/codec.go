package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Scale says whether numbers are standardised.
const (
	ScaleStandard = "standard" // mean 0 and deviation 1; bytes of an array divided by 255
	ScaleNone     = "none"     // as they stand
)

// Codec turns raw rows into model values and back: the columns in order, their kinds and statistics, the inputs
// that they make, the scaling of arrays, the targets' classes and units. It is stored with the weights and is the
// only arithmetic between raw and model values, so that training, prediction and a service agree to the bit. It
// does not change after it was made; any number of goroutines may use it.
type Codec struct {
	scale   string
	cells   *Writing       // of a table
	columns []Column       // of a table
	inputs  []InputColumns // of a table, what the columns make
	slots   []slot         // by column

	measured map[int][]measure // by column of texts

	arrays  []ArrayScale // else
	text    *Vocabulary  // of a text that the model continues, else
	targets []Target

	questions *answer.Windows // about passages, else
	series    Series          // of a table whose rows make windows
}

// InputColumns is an input that a table feeds. Its columns follow those of the input before it.
type InputColumns struct {
	Name    string `json:"name"` // "" where there is only one
	Columns int    `json:"columns"`

	// Of is the input of a text, which this one measures: it has no column of its own.
	Of       string `json:"of,omitempty"`
	Measures string `json:"measures,omitempty"` // MeasureLength, MeasureMask or MeasureSegment
	Real     bool   `json:"real,omitempty"`     // a mask of real numbers, else of integers

	width int // model values
	ints  bool
	limit int
}

// slot is where a column's model values stand: the input, and the first element in its row.
type slot struct{ input, at int }

// ArrayScale is what the bytes of an input's array are divided by; 0 if training saw no bytes.
type ArrayScale struct {
	Name    string  `json:"name"`
	Divisor float64 `json:"divisor,omitempty"`
}

// NewCodec makes a codec of parts that are known to be sound. Without inputs, all columns make one.
func NewCodec(scale string, cells Writing, columns []Column, inputs []InputColumns, arrays []ArrayScale, targets []Target) *Codec {
	if len(inputs) == 0 && len(columns) > 0 {
		inputs = []InputColumns{{Columns: len(columns)}}
	}
	c := &Codec{scale: scale, cells: &cells, columns: columns, inputs: inputs, arrays: arrays, targets: targets}
	at := 0
	for i := range inputs {
		in := &inputs[i]
		pairs(columns[at : at+in.Columns])
		for range in.Columns {
			col := &columns[at]
			at++
			col.prepare(scale)
			first := in.width
			if col.isSecond() {
				first = 0 // the same integers as those of the first
			}
			c.slots = append(c.slots, slot{i, first})
			in.width += col.width()
			in.ints, in.limit = col.Kind == KindIndex || col.Kind == KindTokens, col.Limit
		}
	}
	c.measures()
	for i := range targets {
		if targets[i].Input {
			c.mirror(&targets[i])
		}
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

// Writing is how the numbers of the table's cells are written.
func (c *Codec) Writing() Writing {
	if c.cells == nil {
		return Writing{}
	}
	return *c.cells
}

// WithWriting is the codec for a table whose numbers are written otherwise.
func (c *Codec) WithWriting(w Writing) *Codec {
	other := *c
	other.cells = &w
	return &other
}

// Columns are the names of the feature columns, in the order in which Encode takes their cells.
func (c *Codec) Columns() []string {
	names := make([]string, len(c.columns))
	for i := range c.columns {
		names[i] = c.columns[i].Name
	}
	return names
}

// Inputs are the model's inputs that a table's columns make, in the model's order, as EncodeInputs fills them. The
// only input of a model has no name here. The shape is the number of values; of windows, rows and the values of each.
func (c *Codec) Inputs() []Port {
	ports := make([]Port, len(c.inputs))
	for i, in := range c.inputs {
		ports[i] = Port{Name: in.Name, Shape: []int{in.width}, Int: in.ints, Limit: in.limit}
		if n := c.series.Window; n > 0 {
			ports[i].Shape = []int{n, in.width}
		}
	}
	return ports
}

// Column is feature column i, in the order of Columns.
func (c *Codec) Column(i int) *Column { return &c.columns[i] }

// InputColumns are the feature columns of input i.
func (c *Codec) InputColumns(i int) []Column {
	at := 0
	for _, in := range c.inputs[:i] {
		at += in.Columns
	}
	return c.columns[at:][:c.inputs[i].Columns]
}

// Slot is where the model values of feature column i stand: the input, and the first element in its row.
func (c *Codec) Slot(i int) (input, at int) {
	s := c.slots[i]
	return s.input, s.at
}

// Width is the number of model values that Encode writes, of a row of the table; 0 where it cannot: see EncodeInputs.
func (c *Codec) Width() int {
	if len(c.inputs) != 1 || c.inputs[0].ints {
		return 0
	}
	return c.inputs[0].width
}

// Targets are the model's targets in its order, then the inputs that a loss compares an output with in theirs.
func (c *Codec) Targets() []Target { return slices.Clone(c.targets) }

// Classes are the names of the first target's classes by index, nil where it is not a class.
func (c *Codec) Classes() []string {
	if len(c.targets) == 0 {
		return nil
	}
	return c.targets[0].Classes()
}

// Decode turns one row of the first target's output into numbers in their own units, or into probabilities (see
// Target.Decode). dst and out have equal lengths and may be the same.
func (c *Codec) Decode(dst, out []float32) error {
	if len(c.targets) == 0 {
		return errors.New("decode: the codec has no target")
	}
	return c.targets[0].Decode(dst, out)
}

// Decode64 is Decode in float64, with the digits that nnc predict writes (see Target.Decode64).
func (c *Codec) Decode64(dst []float64, out []float32) error {
	if len(c.targets) == 0 {
		return errors.New("decode: the codec has no target")
	}
	return c.targets[0].Decode64(dst, out)
}

// Fits returns an error if the codec was not made for a model of these inputs and targets.
func (c *Codec) Fits(inputs, targets []Port) error {
	if err := VerifyJudged(inputs, targets); err != nil {
		return err
	}
	if err := c.FitsInputs(inputs); err != nil {
		return err
	}
	if c.questions != nil {
		return c.fitsQuestions(inputs, targets)
	}
	ports := JudgedPorts(inputs, targets)
	if len(c.targets) != len(ports) {
		return fmt.Errorf("the stored codec has %s, the model %d", phrase.Counted(len(c.targets), "target"), len(ports))
	}
	for i, t := range c.targets {
		p := ports[i]
		wrong := t.Name != p.Name || !t.agrees(*p.Judged) || t.Input != (i >= len(targets))
		wrong = wrong || t.Kind == Class && p.Limit > 0 && t.Count != p.Limit
		positions := t.Kind == Class && c.series.Window > 0 // one column gives the classes of all
		wrong = wrong || len(t.Columns) > 0 && len(t.Columns) != p.Size() && !positions
		if wrong {
			return fmt.Errorf("the stored target %q (%s) is not the model's %q (%s): were the weights trained with another spec?",
				t.Name, t.Loss, p.Name, p.Judged.Loss)
		}
	}
	return nil
}

// FitsInputs is the part of Fits about the inputs.
func (c *Codec) FitsInputs(inputs []Port) error {
	switch {
	case c.text != nil:
		return c.fitsText(inputs)
	case c.questions != nil:
		return c.fitsTokens(inputs)
	}
	for _, a := range c.arrays {
		if !slices.ContainsFunc(inputs, func(p Port) bool { return p.Name == a.Name }) {
			return fmt.Errorf("the stored scaling is of an input %q, which the model lacks (it takes %s)", a.Name, PortList(inputs))
		}
	}
	if !c.IsTable() {
		return nil
	}
	n := max(1, c.series.Window)
	fits := func(in InputColumns, p Port) bool {
		windows := c.series.Window == 0 || len(p.Shape) > 0 && p.Shape[0] == n
		return (in.Name == "" || in.Name == p.Name) && in.ints == p.Int && in.limit == p.Limit && in.width*n == p.Size() && windows
	}
	if slices.EqualFunc(c.inputs, inputs, fits) {
		return nil
	}
	return fmt.Errorf("the stored columns make %s, which is not what the model takes (%s): were the weights trained with another spec?",
		c.made(), PortList(inputs))
}

// made says what the columns make.
func (c *Codec) made() string {
	switch {
	case len(c.inputs) != 1:
		return PortList(c.Inputs())
	case c.series.Window > 0:
		return fmt.Sprintf("windows of %s of %s", phrase.Counted(c.series.Window, "row"), phrase.Counted(c.inputs[0].width, "value"))
	case c.inputs[0].ints:
		return phrase.Counted(c.inputs[0].width, "integer")
	}
	return phrase.Counted(c.inputs[0].width, "feature")
}

// PortList is "photo[3, 16, 16], tags[8] of 20", as a spec declares them.
func PortList(inputs []Port) string {
	declared := make([]string, len(inputs))
	for i, p := range inputs {
		declared[i] = p.Name + phrase.Shape(p.Shape)
		if p.Limit > 0 {
			declared[i] += fmt.Sprintf(" of %d", p.Limit)
		}
	}
	return strings.Join(declared, ", ")
}

// ByteRange is what the bytes of an input are divided by.
const ByteRange = 255

// SawBytes reports whether training saw bytes for an input, rather than numbers or nothing.
func (c *Codec) SawBytes(input string) bool {
	return slices.ContainsFunc(c.arrays, func(a ArrayScale) bool { return a.Name == input && a.Divisor > 0 })
}

// Divisor is what the bytes of an input's array are divided by.
func (c *Codec) Divisor(input string) float64 {
	for _, a := range c.arrays {
		if a.Name == input && a.Divisor > 0 {
			return a.Divisor
		}
	}
	if c.scale == ScaleNone {
		return 1
	}
	return ByteRange
}
