package dataset

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

const (
	maxTexts  = 1 << 16 // different texts of a class target, or of what an input of integers takes by place
	maxGroups = 1 << 24 // different groups of rows
)

// tableColumn collects one column. Every cell is kept as a number and, while there are not too many different ones,
// as a text: what the column is, is decided when all are there.
type tableColumn struct {
	file    string
	name    string
	field   int
	writing *data.Writing

	kind       string                // KindNumber, KindClass, KindIndex; "" before it is decided
	signed     bool                  // of numbers: signs and units are taken off, and other texts are missing
	dictionary bool                  // of an index: the place of a text
	limit      int                   // of an index, or of a text's integers
	length     int                   // of a text, in integers
	sure       bool                  // it is one of texts though its cells are numbers
	measured   bool                  // an input measures the text
	second     bool                  // the text is the second of a pair
	texts      []string              // of a column of texts whose symbols are integers
	target     bool                  // no cell may be missing
	check      func(v float64) error // what is wrong with a number; nil: nothing
	ordered    bool                  // its rows are a series
	required   string                // the flag for which no cell may be missing

	numbers []float64 // NaN where the cell is no number
	codes   []int32   // −1: empty; of an index without a dictionary, the integer
	code    map[string]int32
	names   []string       // by code
	first   []format.Place // of each name
	most    int            // names that are kept; with more the codes are gone
	many    bool           // there were more

	counted   int     // cells that were read as numbers
	last      float64 // of them
	uncounted bool    // they do not count up by one
	start     float64 // the first of them
	counting  string  // the file that the last was in

	filled  int     // cells that are not missing, as cells of numbers
	numeric int     // of them numbers
	strays  []stray // the first of them that are none
	gaps    []stray // the first cells that are missing where none may be
	leftOut []stray // of an undecided target, the first cells whose text stands for a missing number, in rows left out
	wrong   problems
}

// stray is a cell that does not suit its column.
type stray struct {
	at   format.Place
	text string
	kind data.CellKind
}

// maxStrays bounds the cells that a message names.
const maxStrays = 4

// add takes the column's cell of the row that was read last.
func (c *tableColumn) add(in *format.Table, cell string) {
	switch {
	case c.kind == data.KindTokens:
		c.filled++
		if _, _, kind := c.writing.Parse(cell); kind == data.CellNumber {
			c.numeric++
		}
		c.texts = append(c.texts, strings.Clone(cell))
	case c.kind == data.KindIndex && !c.dictionary:
		col := data.Column{Kind: data.KindIndex, Limit: c.limit}
		v, err := col.EncodeIndex(c.writing, cell)
		if err != nil {
			c.wrong.add(fmt.Errorf("%s: column %q: %w", in.Place(c.field), c.name, err))
		}
		c.codes = append(c.codes, v)
	case c.kind == data.KindClass || c.kind == data.KindIndex:
		text := strings.TrimSpace(cell)
		if text != "" {
			c.filled++
		}
		c.addText(in, text)
	default:
		text := c.addNumber(in, cell)
		if c.kind == "" {
			c.addText(in, text)
		}
	}
}

// count reads the cell as a number and follows whether they count up by one.
func (c *tableColumn) count(in *format.Table, cell string) (text string, v float64, kind data.CellKind) {
	col := data.Column{Signed: c.signed}
	text, v, kind = col.Parse(c.writing, cell)
	if file := in.Place(c.field).File; c.counted == 0 {
		c.start, c.counting = v, file
	} else if file != c.counting && v == c.start {
		c.last, c.counting = v-1, file // a file of its own may have an index of its own
	}
	const exact = 1 << 53 // above that a number and the next may be one
	c.uncounted = c.uncounted || kind != data.CellNumber || v != math.Floor(v) || v >= exact || v <= -exact || c.counted > 0 && v != c.last+1
	c.counted, c.last = c.counted+1, v
	return text, v, kind
}

// skip takes the column's cell of a row that is left out: an index goes through all rows.
func (c *tableColumn) skip(in *format.Table, cell string) {
	text, _, kind := c.count(in, cell)
	if c.target && c.kind == "" && kind == data.CellMissing && len(c.leftOut) < maxStrays {
		c.leftOut = append(c.leftOut, stray{in.Place(c.field), strings.Clone(text), kind})
	}
}

// lacks reports whether a target's cell has no value, as a number if the column is undecided.
func (c *tableColumn) lacks(cell string) bool {
	col := data.Column{Kind: c.kind, Signed: c.signed}
	if c.kind == "" {
		col.Kind = data.KindNumber
	}
	return col.Lacks(c.writing, cell)
}

// addNumber takes the cell as a number and returns its text.
func (c *tableColumn) addNumber(in *format.Table, cell string) string {
	text, v, kind := c.count(in, cell)
	switch kind {
	case data.CellNumber:
		c.filled++
		c.numeric++
		if c.check != nil {
			if err := c.check(v); err != nil {
				c.wrong.add(fmt.Errorf("%s: column %q: %w", in.Place(c.field), c.name, err))
			}
		}
	case data.CellEmpty, data.CellMissing:
		v = math.NaN()
		c.gap(in, text)
	case data.CellText:
		v = math.NaN()
		c.filled++
		c.stray(in, text, kind)
		if c.signed {
			c.gap(in, text)
		}
	default:
		v = math.NaN()
		c.filled++
		c.stray(in, text, kind)
	}
	c.numbers = append(c.numbers, v)
	return text
}

// gap notes a cell without a value, where every row needs one.
func (c *tableColumn) gap(in *format.Table, text string) {
	if (c.target || c.required != "") && len(c.gaps) < maxStrays {
		c.gaps = append(c.gaps, stray{in.Place(c.field), strings.Clone(text), data.CellMissing})
	}
}

func (c *tableColumn) stray(in *format.Table, text string, kind data.CellKind) {
	if len(c.strays) < maxStrays {
		c.strays = append(c.strays, stray{in.Place(c.field), strings.Clone(text), kind})
	}
}

// addText takes the text of the cell, "" for an empty one.
func (c *tableColumn) addText(in *format.Table, text string) {
	if text == "" {
		if c.kind != "" {
			c.gap(in, text)
		}
		if !c.many {
			c.codes = append(c.codes, -1)
		}
		return
	}
	code, known := c.code[text]
	if !known && c.many {
		return
	}
	if !known {
		if len(c.names) == c.most {
			c.many, c.codes = true, nil
			return
		}
		if c.code == nil {
			c.code = map[string]int32{}
		}
		code = int32(len(c.names))
		text = strings.Clone(text) // not a piece of the row's memory
		c.code[text] = code
		c.names, c.first = append(c.names, text), append(c.first, in.Place(c.field))
	}
	if !c.many {
		c.codes = append(c.codes, code)
	}
}

// missing reports whether the cell of a row has no number.
func (c *tableColumn) missing(row int) bool { return c.numbers[row] != c.numbers[row] }

// counts reports whether the cells are whole numbers that count up by one, those of rows that were left out too.
func (c *tableColumn) counts() bool { return !c.uncounted && c.counted > 1 }

// withoutMissing takes from a column of classes the texts that stand for a missing number, where at least half of the
// other cells are numbers, and returns their rows.
func (c *tableColumn) withoutMissing() []int {
	cells, numbers := make([]int, len(c.names)), 0
	for _, code := range c.codes {
		if code >= 0 {
			cells[code]++
		}
	}
	missing, others := map[int32]bool{}, 0
	for code, name := range c.names {
		switch _, _, kind := c.writing.Parse(name); kind {
		case data.CellMissing:
			missing[int32(code)] = true
			continue
		case data.CellNumber:
			numbers += cells[code]
		}
		others += cells[code]
	}
	if len(missing) == 0 || others == 0 || 2*numbers < others {
		return nil
	}
	renamed, names, first := make([]int32, len(c.names)), c.names[:0:0], c.first[:0:0]
	for code, name := range c.names {
		if renamed[code] = -1; !missing[int32(code)] {
			renamed[code] = int32(len(names))
			names, first = append(names, name), append(first, c.first[code])
		} else if len(c.gaps) < maxStrays {
			c.gaps = append(c.gaps, stray{c.first[code], name, data.CellMissing})
		}
	}
	var rows []int
	for r, code := range c.codes {
		if code >= 0 && renamed[code] < 0 {
			rows = append(rows, r)
		}
		if code >= 0 {
			c.codes[r] = renamed[code]
		}
	}
	c.names, c.first, c.code = names, first, nil
	return rows
}

// keep leaves the column the cells of these rows, which rise.
func (c *tableColumn) keep(rows []int) {
	for i, r := range rows {
		if c.numbers != nil {
			c.numbers[i] = c.numbers[r]
		}
		if c.codes != nil {
			c.codes[i] = c.codes[r]
		}
		if c.texts != nil {
			c.texts[i] = c.texts[r]
		}
	}
	if c.numbers != nil {
		c.numbers = c.numbers[:len(rows)]
	}
	if c.codes != nil {
		c.codes = c.codes[:len(rows)]
	}
	if c.texts != nil {
		c.texts = c.texts[:len(rows)]
	}
}

// settle says what the column is where nothing else does: one of numbers if at least half of its cells that are not
// missing are, else one of texts. Texts that are numbers written in a way of their own are an error.
func (c *tableColumn) settle() error {
	switch {
	case c.kind != "":
	case 2*c.numeric >= c.filled:
		c.kind = data.KindNumber
	default:
		c.kind = data.KindClass
		return c.writtenError()
	}
	return nil
}

// decide says what the column is, and returns what is wrong with it.
func (c *tableColumn) decide() error {
	if c.kind == "" && c.filled == 0 && !c.target {
		return fmt.Errorf("%s: column %q has no value in any row: leave it out with %s", c.file, c.name, phrase.Option("--drop", c.name))
	}
	if err := c.settle(); err != nil {
		return err
	}
	if c.kind == data.KindNumber {
		c.codes, c.code, c.names = nil, nil, nil
		return errors.Join(c.wrong.err(), c.strayError())
	}
	c.numbers = nil
	if c.many {
		return c.manyError()
	}
	return errors.Join(c.wrong.err(), c.strayError())
}
