package format

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// maxRecord bounds the bytes of one row of a table, so that a quote that is never closed does not pull a
// whole file into memory.
const maxRecord = 16 << 20

// CSV reads a table row by row, with the place of every cell. A first line names the columns; a byte order mark
// before it is skipped, and so are empty lines. In a table of one column an empty line is an empty cell, unless no row
// follows.
type CSV struct {
	Name   string
	csv    *csv.Reader
	source *boundedReader
	Header []string
	line   int  // where the row read last begins
	blank  bool // it is an empty line, of which csv knows nothing

	ahead     []string // the row that csv read last, where it is not given yet
	aheadLine int
	after     int // the line after it
	empty     int // empty lines before it that are rows of their own
}

// NewCSV reads the header from r. The name stands in messages.
func NewCSV(r io.Reader, name string) (*CSV, error) {
	source := &boundedReader{r: r, left: maxRecord}
	b := bufio.NewReader(source)
	if mark, _ := b.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3) // just peeked
	}
	c := &CSV{Name: name, csv: csv.NewReader(b), source: source}
	c.csv.FieldsPerRecord = -1
	c.csv.ReuseRecord = true
	fields, err := c.read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty; its first line must name the columns", name)
	}
	if err != nil {
		return nil, err
	}
	first := make(map[string]int, len(fields))
	for i, f := range fields {
		f = strings.TrimSpace(f)
		if f == "" {
			return nil, c.ErrorAt(i, "column %d has no name", i+1)
		}
		if j, taken := first[f]; taken {
			return nil, c.ErrorAt(i, "columns %d and %d are both named %q", j+1, i+1, f)
		}
		f = strings.Clone(f) // not a piece of the whole line
		first[f] = i
		c.Header = append(c.Header, f)
	}
	if len(c.Header) == 1 && strings.ContainsAny(c.Header[0], ";\t") {
		return nil, c.ErrorAt(0, "there is only one column, named %s: columns must be separated by commas", phrase.Quoted(c.Header[0]))
	}
	return c, nil
}

// Next returns the cells of the next row, as many as the header has, valid until the next call. It returns
// io.EOF after the last.
func (c *CSV) Next() ([]string, error) {
	if c.ahead == nil {
		after := c.after
		fields, err := c.read()
		if err != nil {
			return nil, err
		}
		c.ahead, c.aheadLine = fields, c.line
		if len(c.Header) == 1 {
			c.empty = c.line - after
		}
	}
	if c.empty > 0 {
		c.line, c.blank = c.aheadLine-c.empty, true
		c.empty--
		return []string{""}, nil
	}
	fields := c.ahead
	c.ahead, c.line, c.blank = nil, c.aheadLine, false
	if len(fields) != len(c.Header) {
		return nil, fmt.Errorf("%s:%d: %s, but the header names %s", c.Name, c.line,
			phrase.Counted(len(fields), "cell"), phrase.Counted(len(c.Header), "column"))
	}
	return fields, nil
}

func (c *CSV) read() ([]string, error) {
	c.source.left = maxRecord
	fields, err := c.csv.Read()
	if err != nil {
		return nil, c.explain(err)
	}
	c.line, _ = c.csv.FieldPos(0)
	c.after, c.blank = c.line+1, false
	for i, f := range fields {
		if !utf8.ValidString(f) {
			return nil, c.ErrorAt(i, "the text is not UTF-8: save the file as UTF-8")
		}
		c.after += strings.Count(f, "\n")
	}
	return fields, nil
}

// explain puts the place of a mistake first and says what is wrong in the words of a table.
func (c *CSV) explain(err error) error {
	if errors.Is(err, errLongRecord) {
		return fmt.Errorf("%s: a row after line %d is longer than %d MiB; is a quote not closed?", c.Name, c.line, maxRecord>>20)
	}
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	what := parse.Err.Error()
	switch {
	case errors.Is(parse.Err, csv.ErrBareQuote):
		what = `a lone quote in a cell: put the cell in quotes and write "" for a quote inside`
	case errors.Is(parse.Err, csv.ErrQuote):
		what = fmt.Sprintf(`the quoted cell of the row that starts in line %d ends wrongly: write "" for a quote inside and close it`, parse.StartLine)
	}
	return fmt.Errorf("%s:%d:%d: %s", c.Name, parse.Line, parse.Column, what)
}

// ErrorAt is an error about a field of the row read last, with file:line:column, counted in bytes from 1.
func (c *CSV) ErrorAt(field int, format string, args ...any) error {
	at := c.Place(field)
	return fmt.Errorf("%s:%d:%d: %s", c.Name, at.Line, at.Column, fmt.Sprintf(format, args...))
}

// Place is where a cell begins in its file, counted in bytes from 1.
type Place struct{ Line, Column int }

// Place is that of a field of the row read last.
func (c *CSV) Place(field int) Place {
	if c.blank {
		return Place{c.line, 1}
	}
	line, column := c.csv.FieldPos(field)
	return Place{line, column}
}

var errLongRecord = errors.New("record too long")

// boundedReader gives up once left bytes are read.
type boundedReader struct {
	r    io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongRecord
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}
