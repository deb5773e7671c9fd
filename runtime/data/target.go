package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// maxClasses bounds the classes of a target.
const maxClasses = 1 << 20

// Target turns what the model gives for one target back into what the data say: numbers in their own units, or
// classes and their probabilities.
type Target struct {
	Name string `json:"name"` // of the model's target, or input
	Judged
	// Input says that it is the model's input of that name, which a loss compares an output with.
	Input bool `json:"input,omitempty"`
	// Count is the number of classes: the length of the output's last axis for a class, 2 for a flag, else 0.
	Count int `json:"count,omitempty"`
	// Columns are those of a table, of an input one for each of its values. A target that came from an array has none
	// and is in its own units.
	Columns []Column `json:"columns,omitempty"`

	divisor float64 // of the bytes that an input is made of; 0: it is not
}

// IsClass reports whether the target is a class rather than a number.
func (t *Target) IsClass() bool { return t.Count > 0 }

// Names are the names of the table's columns, or the target's own name. Where several rows are forecast they say how many
// rows ahead: "load+1", "load+2".
func (t *Target) Names() []string {
	if len(t.Columns) == 0 {
		return []string{t.Name}
	}
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
		if ahead := t.Columns[i].Ahead; ahead > 0 {
			names[i] += "+" + strconv.Itoa(ahead)
		}
	}
	return names
}

// NamesOf is Names for so many values, or positions of classes: of classes that are forecast, "sky+1", "sky+2".
func (t *Target) NamesOf(n int) []string {
	if t.Kind != Class || len(t.Columns) != 1 || t.Columns[0].Ahead == 0 {
		return t.Names()
	}
	names := make([]string, n)
	for i := range names {
		names[i] = t.Columns[0].Name + "+" + strconv.Itoa(t.Columns[0].Ahead+i)
	}
	return names
}

// Classes are the names of the classes by index, of the first column where there are several; nil for a number.
func (t *Target) Classes() []string {
	return t.ClassesOf(0)
}

// ClassesOf is Classes of column i. A target without columns has the same ones everywhere.
func (t *Target) ClassesOf(i int) []string {
	if !t.IsClass() {
		return nil
	}
	if i < len(t.Columns) && t.Columns[i].Kind == KindClass {
		return slices.Clone(t.Columns[i].Classes)
	}
	names := make([]string, t.Count)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// Decode turns one row of the model's output into a prediction: numbers in their own units, or probabilities, of each
// class, or of the second class of a flag, which for an input are its values in its own units. dst and out have equal
// lengths and may be the same. Numbers whose offset is large against their spread, such as times, want Decode64.
func (t *Target) Decode(dst, out []float32) error {
	if err := decode(t, dst, out); err != nil {
		return err
	}
	for i, y := range dst {
		dst[i] = float32(t.unit(i).value(float64(y)))
	}
	return nil
}

// Decode64 is Decode in float64. A value has the digits that the model's float32 carries, and no more: it is the
// shortest decimal number that stands for the same model value. So its shortest text, as strconv and encoding/json
// write it, is that of nnc predict.
func (t *Target) Decode64(dst []float64, out []float32) error {
	if err := decode(t, dst, out); err != nil {
		return err
	}
	for i, y := range dst {
		dst[i] = t.unit(i).shortest(y)
	}
	return nil
}

// Exact64 is Decode64 with every digit of the arithmetic: what a metric compares.
func (t *Target) Exact64(dst []float64, out []float32) error {
	if err := decode(t, dst, out); err != nil {
		return err
	}
	for i, y := range dst {
		dst[i] = t.unit(i).value(y)
	}
	return nil
}

// Restore64 turns one row of the target's model values, no class's, into its own units. dst and values have equal
// lengths.
func (t *Target) Restore64(dst []float64, values []float32) error {
	if err := t.checkDecode(len(dst), len(values)); err != nil {
		return err
	}
	for i, y := range values {
		dst[i] = t.unit(i).value(float64(y))
	}
	return nil
}

// decode writes to dst what the link makes of a row of the output.
func decode[F float32 | float64](t *Target, dst []F, out []float32) error {
	if err := t.checkDecode(len(dst), len(out)); err != nil {
		return err
	}
	size := max(len(out), 1)
	if t.Kind == Class {
		size = t.Count
	}
	for i := 0; i < len(out); i += size {
		apply(t.Link, dst[i:i+size], out[i:i+size])
	}
	return nil
}

func (t *Target) checkDecode(dst, out int) error {
	switch {
	case dst != out:
		return fmt.Errorf("decode: dst has %d values, the output %d", dst, out)
	case t.Kind == Class && out%t.Count != 0:
		return fmt.Errorf("decode: an output of %d values for %d classes", out, t.Count)
	case t.Kind.Numbers() && len(t.Columns) > 0 && len(t.Columns) != out:
		return fmt.Errorf("decode: an output of %d values for %s", out, phrase.Counted(len(t.Columns), "column"))
	}
	return nil
}

// unit is that of element i of a row of the target.
func (t *Target) unit(i int) unit {
	switch {
	case t.Kind.Numbers() && len(t.Columns) > 0:
		return t.Columns[i].unit
	case t.divisor > 0:
		return unit{divisor: t.divisor}
	}
	return unit{divisor: 1}
}

// ErrNoTarget says that a target's cell holds no value.
var ErrNoTarget = errors.New("the value is missing: a row without a target cannot be judged; leave such rows out with --skip-missing-target")

// Cell is the model value of a cell of the target's column i: a scaled number, or a class's index.
func (t *Target) Cell(w *Writing, i int, cell string) (float32, error) {
	c := &t.Columns[i]
	text, v, kind := c.Parse(w, cell)
	if kind == CellEmpty || kind == CellMissing && c.Kind != KindClass || kind == CellText && c.Signed {
		return 0, ErrNoTarget
	}
	if c.Kind == KindClass {
		k, ok := c.find(text)
		if !ok {
			return 0, fmt.Errorf("%s is not a class that the model knows (%s)", phrase.Quoted(text), phrase.Listed(c.Classes))
		}
		return float32(k), nil
	}
	switch {
	case kind == CellNotFinite:
		return 0, NotFinite(text)
	case kind == CellText:
		return 0, NoNumber(w, text, c.Name)
	case c.Kind == KindNumber:
		return c.Number(v)
	case v != math.Floor(v) || v < 0 || v >= float64(t.Count):
		return 0, fmt.Errorf("class index %s out of range [0, %d)", text, t.Count)
	}
	return float32(v), nil
}

// Class is the class that one row of the model's output speaks for, and its probability, or its score where the loss gives
// none: at position i of a
// sequence of classes, of element i of flags. The target must be a class or a flag and i within out.
func (t *Target) Class(i int, out []float32) (name string, probability float32) {
	k := t.ClassIndex(i, out)
	name = t.className(i, k)
	if t.Kind == Class {
		name = t.className(0, k)
	}
	return name, float32(t.Probability(i, k, out))
}

// ClassIndex is the index of the class that Class names: that of the largest score, the first of equals, or 0 or 1 of
// a flag.
func (t *Target) ClassIndex(i int, out []float32) int {
	if t.Kind == Flag {
		return t.Link.flag(out[i])
	}
	return Argmax(out[i*t.Count : (i+1)*t.Count])
}

// Probability is that of the class of index k at the place that Class takes i for, in float64; of a flag whose loss gives
// none, the output itself.
func (t *Target) Probability(i, k int, out []float32) float64 {
	if t.Kind == Flag {
		return t.Link.chance(out[i], k)
	}
	return t.Link.at(out[i*t.Count:(i+1)*t.Count], k)
}

// LogProbability is the logarithm of the probability of class k at position i of a sequence of classes, in float64: it
// is a number even where the probability is so small that it would be 0.
func (t *Target) LogProbability(i, k int, out []float32) float64 {
	return t.Link.log(out[i*t.Count:(i+1)*t.Count], k)
}

func (t *Target) className(col, k int) string {
	if col < len(t.Columns) && t.Columns[col].Kind == KindClass {
		return t.Columns[col].Classes[k]
	}
	return strconv.Itoa(k)
}

// verify reports what is wrong with a target that was read from a file.
func (t *Target) verify() error {
	if err := t.Judged.verify(); err != nil {
		return fmt.Errorf("target %s: %w", phrase.Quoted(t.Name), err)
	}
	count := 0
	switch t.Kind {
	case Class:
		count = min(max(t.Count, 1), maxClasses)
	case Flag:
		count = 2
	}
	if t.Name == "" || t.Loss == "" || t.Count != count {
		return fmt.Errorf("target %s: %d classes of a %s for the loss %s", phrase.Quoted(t.Name), t.Count, t.Kind, phrase.Quoted(t.Loss))
	}
	if t.Input && len(t.Columns) > 0 {
		return fmt.Errorf("target %s: an input's columns are not the target's", phrase.Quoted(t.Name))
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if err := c.verify(true); err != nil {
			return fmt.Errorf("target %s: %w", phrase.Quoted(t.Name), err)
		}
		if (c.Kind == KindNumber) != (count == 0) || c.Kind == KindClass && len(c.Classes) != count {
			return fmt.Errorf("target %s: column %s does not suit a %s", phrase.Quoted(t.Name), phrase.Quoted(c.Name), t.Kind)
		}
	}
	if t.Kind == Span && len(t.Columns) > 0 && len(t.Columns) != 2 {
		return fmt.Errorf("target %s: a %s takes two columns", phrase.Quoted(t.Name), t.Kind)
	}
	if t.Kind == Class && len(t.Columns) > 1 {
		return fmt.Errorf("target %s: a %s takes one column", phrase.Quoted(t.Name), t.Kind)
	}
	return nil
}
