package dataset

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// decided is the number of cells that decide whether a column is numeric.
const decided = 100

// table is a whole CSV file, its feature and target columns parsed.
type table struct {
	name    string
	rows    int
	inputs  [][]*tableColumn // by the model's input
	targets [][]*tableColumn // by the model's target
}

// tableColumn collects one column: numbers, texts as indices into names, or integers.
type tableColumn struct {
	name  string
	field int
	kind  string // data.KindNumber, KindClass, KindIndex, or "" before it is decided
	limit int    // of an index
	// target forbids empty cells. A class target is kindClass from the start.
	target bool

	numbers []float64 // NaN: empty
	codes   []int32   // −1: empty; of an index, the integer
	code    map[string]int32
	names   []string       // by code
	first   []format.Place // of each name

	early    []string // cells before the decision
	earlyAt  []format.Place
	seen     int          // of them not empty
	textAt   format.Place // first text among them
	textCell string
}

// readTable reads the columns that sel selects from r. Memory is bounded by the size of the text.
func readTable(r io.Reader, name string, sel Select, inputs, targets []data.Port) (*table, error) {
	csv, err := format.NewCSV(r, name)
	if err != nil {
		return nil, err
	}
	t := &table{name: name}
	all, err := t.choose(csv.Header, sel, inputs, targets)
	if err != nil {
		return nil, err
	}
	for {
		fields, err := csv.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			if err := c.add(csv, fields[c.field]); err != nil {
				return nil, err
			}
		}
		t.rows++
	}
	if t.rows == 0 {
		return nil, fmt.Errorf("%s: there is a header but no row", name)
	}
	for _, c := range all {
		if c.kind == "" {
			if c.seen == 0 {
				return nil, fmt.Errorf("%s: column %q has no value in any row: leave it out with --drop %s", name, c.name, c.name)
			}
			if err := c.decide(csv); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// choose makes the columns of the inputs and targets, and returns all of them.
func (t *table) choose(header []string, sel Select, inputs, targets []data.Port) ([]*tableColumn, error) {
	features, targetFields, err := sel.roles(t.name, header, inputs)
	if err != nil {
		return nil, err
	}
	names, err := targetColumns(sel.Target, inputs, targets)
	if err != nil {
		return nil, err
	}
	var all []*tableColumn
	for i, p := range inputs {
		var columns []*tableColumn
		for _, f := range features[i] {
			c := &tableColumn{name: header[f], field: f}
			if p.Int {
				c.kind, c.limit = data.KindIndex, p.Limit
			}
			columns = append(columns, c)
		}
		t.inputs, all = append(t.inputs, columns), append(all, columns...)
	}
	for i, p := range targets {
		var columns []*tableColumn
		for range names[i] {
			f := targetFields[0]
			targetFields = targetFields[1:]
			c := &tableColumn{name: header[f], field: f, target: true, kind: data.KindNumber}
			if p.Judged.Kind != data.Quantity {
				c.kind = data.KindClass
			}
			columns = append(columns, c)
		}
		t.targets, all = append(t.targets, columns), append(all, columns...)
	}
	return all, nil
}

// add takes the column's cell of the row that csv read last.
func (c *tableColumn) add(csv *format.CSV, cell string) error {
	at := csv.Place(c.field)
	if c.kind != "" {
		return c.take(csv, cell, at)
	}
	text, _, kind := data.ParseCell(cell)
	if kind == data.CellEmpty {
		text = "" // not a piece of the row's memory
	} else {
		text = strings.Clone(text)
		c.seen++
	}
	if kind == data.CellText && c.textCell == "" {
		c.textAt, c.textCell = at, text
	}
	c.early, c.earlyAt = append(c.early, text), append(c.earlyAt, at)
	if c.seen == decided {
		return c.decide(csv)
	}
	return nil
}

// decide makes the column numeric if all cells so far are, and takes them.
func (c *tableColumn) decide(csv *format.CSV) error {
	c.kind = data.KindNumber
	if c.textCell != "" {
		c.kind = data.KindClass
	}
	for i, cell := range c.early {
		if err := c.take(csv, cell, c.earlyAt[i]); err != nil {
			return err
		}
	}
	c.early, c.earlyAt = nil, nil
	return nil
}

func (c *tableColumn) take(csv *format.CSV, cell string, at format.Place) error {
	fail := func(form string, args ...any) error {
		return fmt.Errorf("%s:%d:%d: column %q: %s", csv.Name, at.Line, at.Column, c.name, fmt.Sprintf(form, args...))
	}
	if c.kind == data.KindIndex {
		v, err := data.ParseIndex(cell, c.limit)
		if err != nil {
			return fail("%v", err)
		}
		c.codes = append(c.codes, v)
		return nil
	}
	text, v, kind := data.ParseCell(cell)
	if kind == data.CellEmpty && c.target {
		return fail("the cell is empty: a row without a target cannot be learned from")
	}
	if c.kind == data.KindNumber {
		switch kind {
		case data.CellEmpty:
			v = math.NaN()
		case data.CellNotFinite:
			return fail("%v", data.NotFinite(text))
		case data.CellText:
			if c.target {
				return fail("%s is not a number, which this target must be", phrase.Quoted(text))
			}
			return fail("%s is not a number, but the cells before it are: correct it, empty it if the value is missing, or leave the column out with --drop %s", phrase.Quoted(text), c.name)
		}
		c.numbers = append(c.numbers, v)
		return nil
	}
	if kind == data.CellEmpty {
		c.codes = append(c.codes, -1)
		return nil
	}
	code, known := c.code[text]
	if !known {
		most := data.MaxIndicators
		if c.target {
			most = maxTargetNames
		}
		if len(c.names) == most {
			why := ""
			if c.textCell != "" {
				why = fmt.Sprintf(" (it is a column of text because of %s in line %d)", phrase.Quoted(c.textCell), c.textAt.Line)
			}
			return fail("more than %d different texts%s: leave the column out with --drop %s", most, why, c.name)
		}
		if c.code == nil {
			c.code = map[string]int32{}
		}
		code = int32(len(c.names))
		text = strings.Clone(text)
		c.code[text] = code
		c.names, c.first = append(c.names, text), append(c.first, at)
	}
	c.codes = append(c.codes, code)
	return nil
}

// maxTargetNames bounds the different texts of a class target.
const maxTargetNames = 1 << 16
