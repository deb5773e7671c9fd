package dataset

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Goal is a column to learn, and what it seems to be.
type Goal struct {
	Name  string
	Shown string // the name as it may go to a terminal
	Kind  data.TargetKind

	Classes []string // of a Class or Flag, by index
	Counts  []int    // their rows
	// NumberBy is the flag that takes all of them as numbers, such as --number price; empty: there is none, or need for none.
	NumberBy string

	Whole     bool // of a Quantity: all are whole numbers
	Different int  // of a Quantity: how many different values there are
	Min, Max  float64
	Mean      float64
	Median    float64
}

// ShownClass is a class as it may go to a terminal.
func (g *Goal) ShownClass(i int) string { return phrase.Visible(g.Classes[i]) }

// Listed are the classes for a message.
func (g *Goal) Listed() string { return phrase.Listed(g.Classes) }

const (
	mostNumbered = 20 // classes that stand as numbers in a table; more are a quantity
	leastOfEach  = 3  // rows of a class, on average, where classes stand as numbers
)

// goal says what a target seems to be, and the class of each row if it has one. Texts are classes. Numbers are two
// classes where there are only two different ones, classes where they are the whole numbers from 0 or 1 up to no more
// than mostNumbered, and else, or where they are said to be numbers, a quantity.
func (t *table) goal(c *tableColumn, number bool) (Goal, []int32, error) {
	g := Goal{Name: c.name, Shown: phrase.Visible(c.name)}
	if c.kind == data.KindClass {
		class, err := t.goalOfTexts(&g, c)
		return g, class, err
	}
	if err := c.strayError(); err != nil || len(c.numbers) == 0 {
		return g, nil, err
	}
	values := slices.Clone(c.numbers)
	slices.Sort(values)
	g.measure(values)
	if g.Different == 1 {
		return g, nil, t.nothingToLearn(c, strconv.FormatFloat(g.Min, 'g', -1, 64))
	}
	if number || c.many {
		return g, nil, nil
	}
	contiguous := g.Whole && (g.Min == 0 || g.Min == 1) && g.Max-g.Min == float64(g.Different-1)
	kind, count := data.Quantity, 2
	switch {
	case g.Different == 2:
		kind = data.Flag
	case contiguous && g.Different <= mostNumbered && t.rows >= leastOfEach*g.Different:
		kind, count = data.Class, g.Different
	default:
		return g, nil, nil
	}
	if err := c.leftOutError(); err != nil {
		return g, nil, err
	}
	class, err := t.classify(&g, c, kind, count)
	if err != nil { // one number is written in several ways
		return g, nil, nil
	}
	return g, class, nil
}

// goalOfTexts makes classes of texts. Among them NA and the like are texts too, and only an empty cell is missing.
func (t *table) goalOfTexts(g *Goal, c *tableColumn) ([]int32, error) {
	c.gaps = slices.DeleteFunc(c.gaps, func(s stray) bool { return s.text != "" })
	switch {
	case c.many:
		return nil, fmt.Errorf("%s: column %q: more than %d different texts: neither a quantity nor classes", c.file, c.name, c.most)
	case slices.Contains(c.codes, -1) && len(c.gaps) == 0: // below cells that are missing among numbers only
		return nil, fmt.Errorf("%s: column %q: there are empty cells: leave their rows out with --skip-missing-target", c.file, c.name)
	}
	if err := c.strayError(); err != nil {
		return nil, err
	}
	g.NumberBy = c.writtenBy()
	kind := data.Class
	switch n := len(c.names); {
	case n == 1:
		return nil, t.nothingToLearn(c, phrase.Quoted(c.names[0]))
	case n == 2:
		kind = data.Flag
	case n > mostNumbered && 2*n > t.rows:
		advice := "neither a quantity nor classes that rows share"
		if g.NumberBy != "" {
			advice = "accept them as numbers with " + g.NumberBy
		}
		return nil, fmt.Errorf("%s: column %q: %d different texts in %d rows, such as %s: %s", c.file, c.name, n, t.rows, phrase.Listed(c.names[:3]), advice)
	}
	if err := c.leftOutError(); err != nil {
		return nil, err
	}
	return t.classify(g, c, kind, len(c.names))
}

// leftOutError is the error for rows that were left out though their texts are classes to a training, which has a model
// to say that this target is one of classes.
func (c *tableColumn) leftOutError() error {
	if len(c.leftOut) == 0 {
		return nil
	}
	return c.cellsError(c.leftOut, phrase.Quoted(c.leftOut[0].text)+" would be a class of its own", "empty such cells, so that --skip-missing-target leaves their rows out")
}

// classify gives the goal its classes by the rule that training has, and returns that of each row.
func (t *table) classify(g *Goal, c *tableColumn, kind data.TargetKind, count int) ([]int32, error) {
	column, index, err := c.classes(t.name, data.Judged{Kind: kind}, count)
	if err != nil {
		return nil, err
	}
	g.Kind, g.Classes, g.Counts = kind, column.Classes, make([]int, count)
	for i := len(g.Classes); i < count; i++ { // indices have no names
		g.Classes = append(g.Classes, strconv.Itoa(i))
	}
	class := make([]int32, t.rows)
	for r, code := range c.codes {
		class[r] = index[code]
		g.Counts[class[r]]++
	}
	return class, nil
}

// measure works out what a quantity's values are like, which are sorted.
func (g *Goal) measure(values []float64) {
	n := len(values)
	g.Min, g.Max, g.Median, g.Whole = values[0], values[n-1], values[n/2], true
	if n%2 == 0 {
		g.Median = float64(values[n/2-1]/2) + float64(values[n/2]/2)
	}
	for i, v := range values {
		if i == 0 || v != values[i-1] {
			g.Different++
		}
		g.Whole = g.Whole && v == math.Floor(v)
		g.Mean += v / float64(n)
	}
}

func (t *table) nothingToLearn(c *tableColumn, value string) error {
	return fmt.Errorf("%s: column %q is %s in every row: there is nothing to learn", t.name, c.name, value)
}

// countMissing is how many numbers there are not.
func countMissing(values []float64) (missing int) {
	for _, v := range values {
		if v != v {
			missing++
		}
	}
	return missing
}

// spread says whether all values are equal, and whether they are whole and all differ. A missing one is neither.
func spread(values []float64) (constant, unique bool) {
	values = slices.Clone(values)
	slices.Sort(values) // a missing one goes first
	constant, unique = values[0] == values[len(values)-1], true
	for i, v := range values {
		if v != math.Floor(v) || i > 0 && v == values[i-1] {
			unique = false
		}
	}
	return constant, unique
}
