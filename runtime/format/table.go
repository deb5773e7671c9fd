package format

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Table is a table that is read row by row, with the place of every cell.
type Table struct {
	Name   string   // of the file, as messages give it
	Header []string // names of the columns; some may be empty, or equal
	At     []Place  // of the names, where they stand in the file

	rows    rowReader
	regular bool // of a file that never has one wait for its rows
}

// rowReader is what a format gives: rows of as many cells as the header has.
type rowReader interface {
	// next returns the cells of the next row, valid until the next call, or io.EOF after the last.
	next() ([]string, error)
	// place is that of a cell of the row returned last.
	place(field int) Place
	// waiting reports whether a line, or the end of a row at least, is in memory already.
	waiting() bool
}

// Place is where a cell begins in its file, line and column counted from 1, the column in bytes.
type Place struct {
	File         string
	Line, Column int
}

func (p Place) String() string {
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Next returns the cells of the next row, as many as the header has, valid until the next call. It returns io.EOF
// after the last.
func (t *Table) Next() ([]string, error) { return t.rows.next() }

// Ready reports whether the next row is there already. If not, Next may have to wait for whoever writes into the pipe.
func (t *Table) Ready() bool { return t.regular || t.rows.waiting() }

// Expect says which columns will be asked for; others are of no interest. Of JSON lines through a pipe, where the first line
// alone names the columns, a column that it lacks is one all the same.
func (t *Table) Expect(names []string) {
	if j, ok := t.rows.(*jsonRows); ok {
		t.Header = j.expect(t.Header, names)
	}
}

// Has reports whether the row that Next returned last has a cell of that column: a line of JSON may lack its key.
func (t *Table) Has(field int) bool {
	switch rows := t.rows.(type) {
	case *jsonRows:
		return rows.at[field] >= 0
	case *joined:
		if rows.fields != nil {
			field = rows.fields[field]
		}
		return rows.table.Has(field)
	}
	return true
}

// Place is that of a cell of the row that Next returned last.
func (t *Table) Place(field int) Place { return t.rows.place(field) }

// ErrorAt is an error about a cell of the row that Next returned last.
func (t *Table) ErrorAt(field int, format string, args ...any) error {
	return fmt.Errorf("%s: %s", t.Place(field), fmt.Sprintf(format, args...))
}

// Join returns one table of the rows of several, each with the columns of the first, in any order. open opens the
// table at a position from 1 on; it is called when the one before it has ended, n tables in all.
func Join(first *Table, n int, open func(i int) (*Table, error)) *Table {
	if n == 1 {
		return first
	}
	j := &joined{header: first.Header, open: open, n: n, table: first}
	return &Table{Name: first.Name, Header: first.Header, At: first.At, rows: j}
}

// joined are the rows of several tables.
type joined struct {
	header []string
	open   func(i int) (*Table, error)
	i, n   int

	table  *Table
	fields []int // of the header in the table's; nil where they are the same
	cells  []string
}

func (j *joined) next() ([]string, error) {
	for {
		cells, err := j.table.Next()
		switch {
		case err == nil && j.fields == nil:
			return cells, nil
		case err == nil:
			for i, f := range j.fields {
				j.cells[i] = cells[f]
			}
			return j.cells, nil
		case !isEOF(err) || j.i+1 == j.n:
			return nil, err
		}
		j.i++
		if j.table, err = j.open(j.i); err != nil {
			return nil, err
		}
		if err := j.match(); err != nil {
			return nil, err
		}
	}
}

// match finds the header's columns in the table that was opened last.
func (j *joined) match() error {
	j.fields, j.cells = nil, make([]string, len(j.header))
	at, same := map[string][]int{}, len(j.header) == len(j.table.Header)
	for i, name := range j.table.Header {
		at[name] = append(at[name], i)
		same = same && name == j.header[i]
	}
	if same {
		return nil
	}
	for _, name := range j.header {
		if len(at[name]) == 0 {
			return fmt.Errorf("%s: there is no column %q, which the first file has (the columns are %s)", j.table.Name, name, phrase.Listed(j.table.Header))
		}
		j.fields = append(j.fields, at[name][0])
		at[name] = at[name][1:]
	}
	for _, name := range j.table.Header {
		if len(at[name]) > 0 {
			return fmt.Errorf("%s: the first file has no column %q (its columns are %s)", j.table.Name, name, phrase.Listed(j.header))
		}
	}
	return nil
}

func (j *joined) place(field int) Place {
	if j.fields != nil {
		field = j.fields[field]
	}
	return j.table.Place(field)
}

func (j *joined) waiting() bool { return j.table.Ready() }

// holdsLine reports whether a whole line is in the reader's memory.
func holdsLine(r *bufio.Reader) bool {
	if r == nil {
		return false
	}
	held, _ := r.Peek(r.Buffered()) // which never fails
	return bytes.IndexByte(held, '\n') >= 0
}

// blank reports whether a cell is spaces only.
func blank(cell string) bool { return strings.TrimSpace(cell) == "" }
