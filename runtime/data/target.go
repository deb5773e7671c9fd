package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// The losses whose targets this package reads.
const (
	LossMSE          = "mse"
	LossMAE          = "mae"
	LossCrossEntropy = "cross_entropy"
	LossBCELogits    = "bce_logits"
)

// maxClasses bounds the classes of a target.
const maxClasses = 1 << 20

// Target turns what the model gives for one target back into what the data say: numbers in their own units, or
// classes and their probabilities.
type Target struct {
	Name string `json:"name"` // of the model's target, or input
	Loss string `json:"loss"`
	// Input says that it is the model's input of that name, which a loss compares an output with.
	Input bool `json:"input,omitempty"`
	// Count is the number of classes: that of the logits of cross_entropy, 2 for bce_logits, else 0.
	Count int `json:"count,omitempty"`
	// Columns are those of a table, of an input one for each of its values. A target that came from an array has none
	// and is in its own units.
	Columns []column `json:"columns,omitempty"`

	divisor float64 // of the bytes that an input is made of; 0: it is not
}

// IsClass reports whether the target is a class rather than a number.
func (t *Target) IsClass() bool { return t.Count > 0 }

// Names are the names of the table's columns, or the target's own name.
func (t *Target) Names() []string {
	if len(t.Columns) == 0 {
		return []string{t.Name}
	}
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return names
}

// Classes are the names of the classes by index, of the first column where there are several; nil for a number.
func (t *Target) Classes() []string {
	if !t.IsClass() {
		return nil
	}
	if len(t.Columns) > 0 && t.Columns[0].Kind == kindClass {
		return slices.Clone(t.Columns[0].Classes)
	}
	names := make([]string, t.Count)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// Decode turns one row of the model's output into numbers in their own units, or into probabilities: of each
// class for cross_entropy, of the second class for bce_logits, which for an input are its values in its own units. dst
// and out have equal lengths and may be the same.
func (t *Target) Decode(dst, out []float32) error {
	if len(dst) != len(out) {
		return fmt.Errorf("decode: dst has %d values, the output %d", len(dst), len(out))
	}
	switch t.Loss {
	case LossCrossEntropy:
		if len(out)%t.Count != 0 {
			return fmt.Errorf("decode: an output of %d values for %d classes", len(out), t.Count)
		}
		for i := 0; i < len(out); i += t.Count {
			softmax(dst[i:i+t.Count], out[i:i+t.Count])
		}
		return nil
	case LossBCELogits:
		for i, x := range out {
			dst[i] = t.undivided(float32(sigmoid(float64(x))))
		}
		return nil
	}
	if len(t.Columns) == 0 {
		for i, y := range out {
			dst[i] = t.undivided(y)
		}
		return nil
	}
	if len(t.Columns) != len(out) {
		return fmt.Errorf("decode: an output of %d values for %s", len(out), counted(len(t.Columns), "column"))
	}
	for i, y := range out {
		dst[i] = t.Columns[i].value(y)
	}
	return nil
}

// undivided is y in the units of the bytes that an input is made of, if it is.
func (t *Target) undivided(y float32) float32 {
	if t.divisor == 0 {
		return y
	}
	return float32(float64(y) * t.divisor)
}

// cell is the model value of a cell of the target's column i: a scaled number, or a class's index.
func (t *Target) cell(i int, cell string) (float32, error) {
	c := &t.Columns[i]
	text, v, kind := parseCell(cell)
	if kind == cellEmpty {
		return 0, errors.New("the cell is empty: a row without a target cannot be judged")
	}
	if c.Kind == kindClass {
		k, ok := c.index[text]
		if !ok {
			return 0, fmt.Errorf("%s is not a class that the model knows (%s)", quoted(text), listed(c.Classes))
		}
		return float32(k), nil
	}
	switch {
	case kind == cellNotFinite:
		return 0, notFinite(text)
	case kind == cellText:
		return 0, fmt.Errorf("%s is not a number", quoted(text))
	case c.Kind == kindNumber:
		return c.number(v)
	case v != math.Floor(v) || v < 0 || v >= float64(t.Count):
		return 0, fmt.Errorf("class index %s out of range [0, %d)", text, t.Count)
	}
	return float32(v), nil
}

// Class is the class that one row of the model's output speaks for, and its probability: at position i of a
// sequence for cross_entropy, of element i for bce_logits. The target must be a class and i within out.
func (t *Target) Class(i int, out []float32) (name string, probability float32) {
	if t.Loss == LossBCELogits {
		k, p := 0, sigmoid(-float64(out[i]))
		if out[i] > 0 {
			k, p = 1, sigmoid(float64(out[i]))
		}
		return t.className(i, k), float32(p)
	}
	logits := out[i*t.Count : (i+1)*t.Count]
	k := Argmax(logits)
	sum := 0.0
	for _, x := range logits {
		sum += kernel.Exp(float64(x) - float64(logits[k]))
	}
	return t.className(0, k), float32(1 / sum)
}

func (t *Target) className(col, k int) string {
	if col < len(t.Columns) && t.Columns[col].Kind == kindClass {
		return t.Columns[col].Classes[k]
	}
	return strconv.Itoa(k)
}

// Argmax is the index of the largest value, the first of equals.
func Argmax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// softmax writes exp(x)/Σexp(x) to dst, shifted by the largest so that nothing overflows.
func softmax(dst, x []float32) {
	largest, sum := float64(x[Argmax(x)]), 0.0
	for _, v := range x {
		sum += kernel.Exp(float64(v) - largest)
	}
	for i, v := range x {
		dst[i] = float32(kernel.Exp(float64(v)-largest) / sum)
	}
}

func sigmoid(x float64) float64 {
	if x < 0 {
		e := kernel.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + kernel.Exp(-x))
}

// verify reports what is wrong with a target that was read from a file.
func (t *Target) verify() error {
	count := 0
	switch t.Loss {
	case LossCrossEntropy:
		count = min(max(t.Count, 1), maxClasses)
	case LossBCELogits:
		count = 2
	}
	if t.Name == "" || t.Loss == "" || t.Count != count {
		return fmt.Errorf("target %s: %d classes for the loss %s", quoted(t.Name), t.Count, quoted(t.Loss))
	}
	if t.Input && len(t.Columns) > 0 {
		return fmt.Errorf("target %s: an input's columns are not the target's", quoted(t.Name))
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if err := c.verify(true); err != nil {
			return fmt.Errorf("target %s: %w", quoted(t.Name), err)
		}
		if (c.Kind == kindNumber) != (count == 0) || c.Kind == kindClass && len(c.Classes) != count {
			return fmt.Errorf("target %s: column %s does not suit the loss %s", quoted(t.Name), quoted(c.Name), t.Loss)
		}
	}
	if t.Loss == LossCrossEntropy && len(t.Columns) > 1 {
		return fmt.Errorf("target %s: %s takes one column", quoted(t.Name), t.Loss)
	}
	return nil
}
