package data

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// The kinds of a column.
const (
	KindNumber = "number" // one value
	KindClass  = "class"  // one of a list of texts
	KindIndex  = "index"  // an integer from 0: a target's class, or what an input of integers takes
)

// MaxIndicators bounds the classes of a text column: more are an identifier rather than a feature.
const MaxIndicators = 50

// Column is one column of a table as the codec stores it. A number v becomes (v − mean) / deviation, an empty
// cell the mean; a text becomes one indicator per class, all zero for a class that training never saw; an index stays
// as it is.
type Column struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Mean      float64  `json:"mean,omitempty"`
	Deviation float64  `json:"deviation,omitempty"`
	Classes   []string `json:"classes,omitempty"` // in byte order
	Limit     int      `json:"limit,omitempty"`   // of an input's index: values lie in [0, Limit); 0 is no limit

	unit     unit    // what is applied: Mean and Deviation, or 0 and 1 where nothing is scaled
	empty    float32 // model value of an empty cell
	Required bool    `json:"-"` // there is no value for an empty cell: the mean is not known
	index    map[string]int
}

// prepare derives what encoding needs from what is stored.
func (c *Column) prepare(scale string) {
	c.unit, c.empty = unit{0, 1}, float32(c.Mean)
	if scale == ScaleStandard {
		c.unit, c.empty = unit{c.Mean, c.Deviation}, 0
	}
	c.index = make(map[string]int, len(c.Classes))
	for i, name := range c.Classes {
		c.index[name] = i
	}
}

// Class is the index of a class's name.
func (c *Column) Class(name string) (int, bool) {
	i, ok := c.index[name]
	return i, ok
}

// Empty is the model value of an empty cell of a number.
func (c *Column) Empty() float32 { return c.empty }

// width is the number of model values that the column makes.
func (c *Column) width() int {
	if c.Kind == KindClass {
		return len(c.Classes)
	}
	return 1
}

// encode writes the model values of a cell to dst [width].
func (c *Column) encode(dst []float32, cell string) error {
	text, v, kind := ParseCell(cell)
	if c.Kind == KindClass {
		clear(dst)
		if i, ok := c.index[text]; ok {
			dst[i] = 1
		}
		return nil
	}
	switch kind {
	case CellEmpty:
		if c.Required {
			return errors.New("the cell is empty, and without the statistics of a training there is no mean to put in its place")
		}
		dst[0] = c.empty
		return nil
	case CellNotFinite:
		return NotFinite(text)
	case CellText:
		return fmt.Errorf("%s is not a number", phrase.Quoted(text))
	}
	var err error
	dst[0], err = c.Number(v)
	return err
}

// Number is the model value of v.
func (c *Column) Number(v float64) (float32, error) {
	y := c.unit.model(v)
	if !isFinite(float64(y)) {
		return 0, fmt.Errorf("%g is too large for a model value", v)
	}
	return y, nil
}

// ParseIndex is the integer in a cell. It must lie in [0, limit), or fit into 32 bits where limit is 0.
func ParseIndex(cell string, limit int) (int32, error) {
	text, v, kind := ParseCell(cell)
	switch {
	case kind == CellEmpty:
		return 0, errors.New("the cell is empty, and of integers there is no mean to put in its place")
	case kind != CellNumber || v != math.Floor(v):
		return 0, fmt.Errorf("%s is not an integer", phrase.Quoted(text))
	case limit > 0 && (v < 0 || v >= float64(limit)):
		return 0, fmt.Errorf("%s is out of range [0, %d)", text, limit)
	case v < math.MinInt32 || v > math.MaxInt32:
		return 0, fmt.Errorf("%s does not fit into 32 bits", text)
	}
	return int32(v), nil
}

func NotFinite(text string) error {
	return fmt.Errorf("%s is not a finite number: leave the cell empty if the value is missing", phrase.Quoted(text))
}

// Measure sets the mean and the population deviation of the values at rows, NaN being an empty cell. Two passes
// in float64; the deviation of values that differ by no more than rounding is 1, by the test of scikit-learn's
// StandardScaler: variance ≤ n·ε·variance + (n·mean·ε)².
func (c *Column) Measure(values []float64, rows []int) error {
	n, sum := 0, 0.0
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		if v := values[r]; v == v {
			n++
			sum += v
			low, high = min(low, v), max(high, v)
		}
	}
	if n == 0 {
		return fmt.Errorf("column %q has no value in the training part: leave it out with --drop", c.Name)
	}
	if low == high {
		// Not sum/n, whose rounding would make a deviation out of nothing.
		c.Mean, c.Deviation = low+0, 1
		return nil
	}
	mean, squares := sum/float64(n), 0.0
	for _, r := range rows {
		if v := values[r]; v == v {
			d := v - mean
			squares += float64(d * d)
		}
	}
	variance := squares / float64(n)
	c.Mean, c.Deviation = mean+0, math.Sqrt(variance)
	if !isFinite(c.Mean) || !isFinite(c.Deviation) {
		return fmt.Errorf("column %q: its values are too large to standardise; the largest is %g", c.Name, max(-low, high))
	}
	const epsilon = 0x1p-52
	bias := float64(n) * mean * epsilon
	if variance <= float64(float64(n)*epsilon*variance)+float64(bias*bias) {
		c.Deviation = 1
	}
	return nil
}

// verify reports what is wrong with a column that was read from a file.
func (c *Column) verify(target bool) error {
	most := MaxIndicators
	if target {
		most = maxClasses
	}
	switch {
	case c.Name == "":
		return errors.New("a column without a name")
	case c.Kind == KindNumber && (!isFinite(c.Mean) || !isFinite(c.Deviation) || c.Deviation <= 0 || c.Classes != nil):
		return fmt.Errorf("column %s: mean and deviation of a number must be finite and the deviation positive", phrase.Quoted(c.Name))
	case c.Kind == KindClass && (len(c.Classes) == 0 || len(c.Classes) > most || c.Mean != 0 || c.Deviation != 0):
		return fmt.Errorf("column %s: a class column has 1 to %d classes", phrase.Quoted(c.Name), most)
	case c.Kind == KindIndex && (c.Classes != nil || c.Mean != 0 || c.Deviation != 0):
		return fmt.Errorf("column %s: an index has no classes and is not scaled", phrase.Quoted(c.Name))
	case c.Limit != 0 && (c.Kind != KindIndex || target || c.Limit < 0 || c.Limit > math.MaxInt32):
		return fmt.Errorf("column %s: the limit %d does not suit", phrase.Quoted(c.Name), c.Limit)
	case c.Kind != KindNumber && c.Kind != KindClass && c.Kind != KindIndex:
		return fmt.Errorf("column %s: unknown kind %s", phrase.Quoted(c.Name), phrase.Quoted(c.Kind))
	case !slices.IsSorted(c.Classes) || len(slices.Compact(slices.Clone(c.Classes))) != len(c.Classes):
		return fmt.Errorf("column %s: the classes must differ and be in byte order", phrase.Quoted(c.Name))
	}
	return nil
}
