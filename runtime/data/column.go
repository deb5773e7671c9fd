package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// The kinds of a column.
const (
	KindNumber = "number" // one value
	KindClass  = "class"  // one of a list of texts
	KindIndex  = "index"  // an integer from 0: a target's class, or what an input of integers takes
	KindTokens = "tokens" // a text, whose symbols an input of integers takes
)

// MaxIndicators bounds the classes of a text column: more are an identifier rather than a feature.
const MaxIndicators = 50

// Column is one column of a table as the codec stores it. A number v becomes (v − mean) / deviation, a missing one
// the mean; a text becomes one indicator per class, all zero for a class that training never saw; an index stays
// as it is, or is that of a text among the classes.
type Column struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Mean      float64  `json:"mean,omitempty"`
	Deviation float64  `json:"deviation,omitempty"`
	Signed    bool     `json:"signed,omitempty"`    // a number that signs and units may stand around, see Writing.ParseSigned
	Indicator bool     `json:"indicator,omitempty"` // a number with a second model value, 1 where it is missing, else 0
	Classes   []string `json:"classes,omitempty"`   // in byte order
	Absent    []string `json:"absent,omitempty"`    // those of a feature that no row to train on had
	Limit     int      `json:"limit,omitempty"`     // of an input's index, or of a text's: values lie in [0, Limit); 0 is no limit
	Tokens    *Text    `json:"tokens,omitempty"`    // of a text
	Ahead     int      `json:"ahead,omitempty"`     // of a target of which several rows are forecast: how far behind the window this one lies

	// Required says that there is no value for a missing number: the mean is not known.
	Required bool `json:"-"`

	unit  unit    // what is applied: Mean and Deviation, or 0 and 1 where nothing is scaled
	empty float32 // model value of a missing number
	index map[string]int
	// byNumber are the classes by their value, where all are numbers.
	byNumber map[float64]int
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
	for _, name := range c.Absent {
		delete(c.index, name)
	}
	c.indexTruth()
	c.indexNumbers()
}

// indexNumbers lets a number stand for the class that is the same number written otherwise, as pandas writes 1.0 for 1
// in a column with missing values. Only where all classes are different numbers.
func (c *Column) indexNumbers() {
	var w Writing
	c.byNumber = make(map[float64]int, len(c.index))
	for name, i := range c.index {
		_, v, kind := w.Parse(name)
		if kind != CellNumber {
			c.byNumber = nil
			return
		}
		if _, again := c.byNumber[v]; again {
			c.byNumber = nil
			return
		}
		c.byNumber[v] = i
	}
}

// find is the index of the class of a text, of one that training saw.
func (c *Column) find(text string) (int, bool) {
	i, ok := c.index[text]
	if ok || len(c.byNumber) == 0 {
		return i, ok
	}
	var w Writing
	_, v, kind := w.Parse(text)
	i, ok = c.byNumber[v]
	return i, ok && kind == CellNumber
}

// truths are the ways in which truth values are written: by JSON and Go, Python, and R.
var truths = [][]string{{"false", "False", "FALSE"}, {"true", "True", "TRUE"}}

// indexTruth gives a truth value that is a class in one of its ways the others too: a service or JSON lines write true
// for what pandas wrote as True. Where several ways are classes each is a text of its own.
func (c *Column) indexTruth() {
	for _, ways := range truths {
		is := func(way string) bool { return slices.Contains(c.Classes, way) }
		i := slices.IndexFunc(ways, is)
		if i < 0 || slices.ContainsFunc(ways[i+1:], is) {
			continue
		}
		if at, seen := c.index[ways[i]]; seen {
			for _, way := range ways {
				c.index[way] = at
			}
		}
	}
}

// Class is the index of a class's name, of one that training saw.
func (c *Column) Class(name string) (int, bool) {
	i, ok := c.index[name]
	return i, ok
}

// Unseen reports whether the cell of a text is one that training never saw.
func (c *Column) Unseen(cell string) bool {
	if len(c.Classes) == 0 {
		return false
	}
	text := strings.TrimSpace(cell)
	_, seen := c.find(text)
	return !seen && text != ""
}

// Parse reads a cell as the column's numbers are written.
func (c *Column) Parse(w *Writing, cell string) (text string, v float64, kind CellKind) {
	if c.Signed {
		return w.ParseSigned(cell)
	}
	return w.Parse(cell)
}

// Lacks reports whether a cell holds no value of the column.
func (c *Column) Lacks(w *Writing, cell string) bool {
	if c.Kind != KindNumber {
		return strings.TrimSpace(cell) == ""
	}
	_, _, kind := c.Parse(w, cell)
	return kind == CellEmpty || kind == CellMissing || kind == CellText && c.Signed
}

// width is the number of model values that the column makes.
func (c *Column) width() int {
	switch {
	case c.Kind == KindClass:
		return len(c.Classes)
	case c.isSecond():
		return 0
	case c.Kind == KindTokens:
		return c.Tokens.Length
	case c.Indicator:
		return 2
	}
	return 1
}

// isSecond reports whether the column is the second text of a pair.
func (c *Column) isSecond() bool { return c.Kind == KindTokens && c.Tokens.Second }

// encode writes the model values of a cell to dst [width].
func (c *Column) encode(dst []float32, w *Writing, cell string) error {
	if c.Kind == KindClass {
		c.EncodeText(dst, strings.TrimSpace(cell))
		return nil
	}
	text, v, kind := c.Parse(w, cell)
	switch {
	case kind == CellEmpty || kind == CellMissing || kind == CellText && c.Signed:
		if c.Required {
			return errors.New("the value is missing, and without the statistics of a training there is no mean to put in its place")
		}
		v = math.NaN()
	case kind == CellNotFinite:
		return NotFinite(text)
	case kind == CellText:
		return NoNumber(w, text, c.Name)
	}
	return c.EncodeNumber(dst, v)
}

// EncodeText writes the indicators of a text to dst [width].
func (c *Column) EncodeText(dst []float32, text string) {
	clear(dst)
	if i, ok := c.find(text); ok {
		dst[i] = 1
	}
}

// EncodeNumber writes the model values of v, NaN where it is missing, to dst [width].
func (c *Column) EncodeNumber(dst []float32, v float64) error {
	missing := float32(0)
	var err error
	if v != v {
		dst[0], missing = c.empty, 1
	} else if dst[0], err = c.Number(v); err != nil {
		return err
	}
	if c.Indicator {
		dst[1] = missing
	}
	return nil
}

// Number is the model value of v.
func (c *Column) Number(v float64) (float32, error) {
	y := c.unit.model(v)
	if !isFinite(float64(y)) {
		return 0, fmt.Errorf("%g is too large for a model value", v)
	}
	return y, nil
}

// EncodeIndex is the integer of a cell: that of a text among the classes, the one behind them where training never saw
// it; or else the integer in the cell, which must lie in [0, Limit), or fit into 32 bits where Limit is 0.
func (c *Column) EncodeIndex(w *Writing, cell string) (int32, error) {
	if len(c.Classes) > 0 {
		text := strings.TrimSpace(cell)
		i, ok := c.find(text)
		switch {
		case ok:
			return int32(i), nil
		case c.Limit == 0 || len(c.Classes) < c.Limit:
			return int32(len(c.Classes)), nil
		}
		return 0, fmt.Errorf("%s is none of the %d texts that training saw, and the input's limit leaves no integer for others: make it %d",
			phrase.Quoted(text), len(c.Classes), len(c.Classes)+1)
	}
	text, v, kind := w.Parse(cell)
	switch {
	case kind == CellEmpty || kind == CellMissing:
		return 0, errors.New("the value is missing, and of integers there is no mean to put in its place")
	case kind != CellNumber || v != math.Floor(v):
		return 0, fmt.Errorf("%s is not an integer", phrase.Quoted(text))
	case c.Limit > 0 && (v < 0 || v >= float64(c.Limit)):
		return 0, fmt.Errorf("%s is out of range [0, %d)", text, c.Limit)
	case v < math.MinInt32 || v > math.MaxInt32:
		return 0, fmt.Errorf("%s does not fit into 32 bits", text)
	}
	return int32(v), nil
}

// NotFinite is the error for a number that no arithmetic goes on with.
func NotFinite(text string) error {
	return fmt.Errorf("%s is not a finite number: leave the cell empty if the value is missing", phrase.Quoted(text))
}

// NoNumber is the error for a text where a number should stand in the column.
func NoNumber(w *Writing, text, column string) error {
	if flag := w.FlagFor(column, text); flag != "" {
		return fmt.Errorf("%s is not a number: correct it, or accept it with %s", phrase.Quoted(text), flag)
	}
	return fmt.Errorf("%s is not a number: correct it, or leave the cell empty if the value is missing", phrase.Quoted(text))
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
		return fmt.Errorf("column %q has no value in the training part: leave it out with %s", c.Name, phrase.Option("--drop", c.Name))
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
	if target || c.Kind == KindIndex {
		most = maxClasses
	}
	feature := !target
	tokens := c.Kind == KindTokens && feature
	number, class, index := c.Kind == KindNumber, c.Kind == KindClass, c.Kind == KindIndex
	switch {
	case c.Name == "":
		return errors.New("a column without a name")
	case number && (!isFinite(c.Mean) || !isFinite(c.Deviation) || c.Deviation <= 0 || c.Classes != nil):
		return fmt.Errorf("column %s: mean and deviation of a number must be finite and the deviation positive", phrase.Quoted(c.Name))
	case class && (len(c.Classes) == 0 || len(c.Classes) > most || c.Mean != 0 || c.Deviation != 0):
		return fmt.Errorf("column %s: a class column has 1 to %d classes", phrase.Quoted(c.Name), most)
	case index && (len(c.Classes) > most || target && c.Classes != nil || c.Mean != 0 || c.Deviation != 0):
		return fmt.Errorf("column %s: an index is not scaled and has %d classes at most", phrase.Quoted(c.Name), most)
	case tokens != (c.Tokens != nil):
		return fmt.Errorf("column %s: a vocabulary is that of a text", phrase.Quoted(c.Name))
	case tokens && (c.Classes != nil || c.Absent != nil || c.Signed || c.Indicator || c.Mean != 0 || c.Deviation != 0 || c.Limit > math.MaxInt32):
		return fmt.Errorf("column %s: a text has a vocabulary and nothing else", phrase.Quoted(c.Name))
	case tokens:
		if err := c.Tokens.verify(c.Limit); err != nil {
			return fmt.Errorf("column %s: %w", phrase.Quoted(c.Name), err)
		}
	case c.Limit != 0 && (!index || target || c.Limit < 0 || c.Limit > math.MaxInt32 || c.Limit < len(c.Classes)):
		return fmt.Errorf("column %s: the limit %d does not suit", phrase.Quoted(c.Name), c.Limit)
	case c.Signed && !number || c.Indicator && !(number && feature):
		return fmt.Errorf("column %s: signs and missing values are those of numbers", phrase.Quoted(c.Name))
	case !number && !class && !index:
		return fmt.Errorf("column %s: unknown kind %s", phrase.Quoted(c.Name), phrase.Quoted(c.Kind))
	case !ascending(c.Classes):
		return fmt.Errorf("column %s: the classes must differ and be in byte order", phrase.Quoted(c.Name))
	case len(c.Absent) > 0 && !(class && feature && ascending(c.Absent) && contains(c.Classes, c.Absent)):
		return fmt.Errorf("column %s: what training never saw must be some of its classes", phrase.Quoted(c.Name))
	}
	return nil
}

// ascending reports whether names are in byte order, each once.
func ascending(names []string) bool {
	for i := 1; i < len(names); i++ {
		if names[i-1] >= names[i] {
			return false
		}
	}
	return true
}

// contains reports whether all of some are among names, both in byte order.
func contains(names, some []string) bool {
	for _, name := range some {
		if _, ok := slices.BinarySearch(names, name); !ok {
			return false
		}
	}
	return true
}
