package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
	columns []column       // of a table
	inputs  []inputColumns // of a table, what the columns make
	slots   []slot         // by column
	arrays  []arrayScale   // else
	targets []Target
}

// inputColumns is an input that a table feeds. Its columns follow those of the input before it.
type inputColumns struct {
	Name    string `json:"name"` // "" where there is only one
	Columns int    `json:"columns"`

	width int // model values
	ints  bool
	limit int
}

// slot is where a column's model values stand: the input, and the first element in its row.
type slot struct{ input, at int }

// arrayScale is what the bytes of an input's array are divided by; 0 if training saw no bytes.
type arrayScale struct {
	Name    string  `json:"name"`
	Divisor float64 `json:"divisor,omitempty"`
}

// newCodec makes a codec of parts that are known to be sound. Without inputs, all columns make one.
func newCodec(scale string, columns []column, inputs []inputColumns, arrays []arrayScale, targets []Target) *Codec {
	if len(inputs) == 0 && len(columns) > 0 {
		inputs = []inputColumns{{Columns: len(columns)}}
	}
	c := &Codec{scale: scale, columns: columns, inputs: inputs, arrays: arrays, targets: targets}
	at := 0
	for i := range inputs {
		in := &inputs[i]
		for range in.Columns {
			col := &columns[at]
			at++
			col.prepare(scale)
			c.slots = append(c.slots, slot{i, in.width})
			in.width += col.width()
			in.ints, in.limit = col.Kind == kindIndex, col.Limit
		}
	}
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

// Columns are the names of the feature columns, in the order in which Encode takes their cells.
func (c *Codec) Columns() []string {
	names := make([]string, len(c.columns))
	for i := range c.columns {
		names[i] = c.columns[i].Name
	}
	return names
}

// Inputs are the model's inputs that a table's columns make, in the model's order, as EncodeInputs fills them. The
// only input of a model has no name here. The shape is the number of values.
func (c *Codec) Inputs() []Port {
	ports := make([]Port, len(c.inputs))
	for i, in := range c.inputs {
		ports[i] = Port{Name: in.Name, Shape: []int{in.width}, Int: in.ints, Limit: in.limit}
	}
	return ports
}

// Width is the number of model values that Encode writes; 0 where it cannot: see EncodeInputs.
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

// Fits returns an error if the codec was not made for a model of these inputs and targets.
func (c *Codec) Fits(inputs, targets []Port) error {
	if err := verifyJudged(inputs, targets); err != nil {
		return err
	}
	if err := c.fitsInputs(inputs); err != nil {
		return err
	}
	ports := judged(inputs, targets)
	if len(c.targets) != len(ports) {
		return fmt.Errorf("the stored codec has %s, the model %d", counted(len(c.targets), "target"), len(ports))
	}
	for i, t := range c.targets {
		p := ports[i]
		wrong := t.Name != p.Name || !t.agrees(*p.Judged) || t.Input != (i >= len(targets))
		wrong = wrong || t.Kind == Class && p.Limit > 0 && t.Count != p.Limit
		wrong = wrong || len(t.Columns) > 0 && len(t.Columns) != p.Size()
		if wrong {
			return fmt.Errorf("the stored target %q (%s) is not the model's %q (%s): were the weights trained with another spec?",
				t.Name, t.Loss, p.Name, p.Judged.Loss)
		}
	}
	return nil
}

func (c *Codec) fitsInputs(inputs []Port) error {
	for _, a := range c.arrays {
		if !slices.ContainsFunc(inputs, func(p Port) bool { return p.Name == a.Name }) {
			return fmt.Errorf("the stored scaling is of an input %q, which the model lacks (it takes %s)", a.Name, inputList(inputs))
		}
	}
	if !c.IsTable() {
		return nil
	}
	fits := func(in inputColumns, p Port) bool {
		return (in.Name == "" || in.Name == p.Name) && in.ints == p.Int && in.limit == p.Limit && in.width == p.Size()
	}
	if slices.EqualFunc(c.inputs, inputs, fits) {
		return nil
	}
	return fmt.Errorf("the stored columns make %s, which is not what the model takes (%s): were the weights trained with another spec?",
		c.made(), inputList(inputs))
}

// made says what the columns make.
func (c *Codec) made() string {
	switch {
	case len(c.inputs) != 1:
		return inputList(c.Inputs())
	case c.inputs[0].ints:
		return counted(c.inputs[0].width, "integer")
	}
	return counted(c.inputs[0].width, "feature")
}

// inputList is "photo[3, 16, 16], tags[8] of 20", as a spec declares them.
func inputList(inputs []Port) string {
	declared := make([]string, len(inputs))
	for i, p := range inputs {
		declared[i] = p.Name + shapeString(p.Shape)
		if p.Limit > 0 {
			declared[i] += fmt.Sprintf(" of %d", p.Limit)
		}
	}
	return strings.Join(declared, ", ")
}
