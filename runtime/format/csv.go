package format

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// maxRecord bounds the bytes of one row of a table, so that a quote that is never closed does not pull a
// whole file into memory.
const maxRecord = 16 << 20

// byteOrderMark may stand before a text in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// Layout is how a CSV file is laid out.
type Layout struct {
	Sep      rune // between cells; 0 is a comma
	NoHeader bool // the first line is a row, and the columns are named 1, 2, …
}

// csvRows are the rows of CSV. A byte order mark before them is skipped, and so are lines that are empty or of spaces
// only. In a table of one column such a line is an empty cell, unless no row follows.
type csvRows struct {
	name   string
	csv    *csv.Reader
	source *boundedReader
	lines  *bufio.Reader // what csv reads from the source
	width  int
	line   int  // where the row read last begins
	blank  bool // it is an empty line, of which csv knows nothing

	ahead     []string // the row that csv read last, where it is not given yet
	aheadLine int
	after     int // the line after it
	empty     int // empty lines before it that are rows of their own
}

// NewCSV reads the columns' names from r. The file's name stands in messages.
func NewCSV(r io.Reader, name string, how Layout) (*Table, error) {
	source := &boundedReader{r: r, left: maxRecord}
	b := bufio.NewReader(source)
	if mark, _ := b.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = b.Discard(len(byteOrderMark)) // just peeked
	}
	c := &csvRows{name: name, csv: csv.NewReader(b), source: source, lines: b}
	c.csv.FieldsPerRecord = -1
	c.csv.ReuseRecord = true
	if how.Sep != 0 {
		c.csv.Comma = how.Sep
	}
	fields, err := c.read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty; its first line must name the columns", name)
	}
	if err != nil {
		return nil, err
	}
	if sep, named := excelSep(fields, how.Sep); named {
		c.csv.Comma, how.Sep = sep, sep
		if fields, err = c.read(); errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: there is nothing after its first line, which names the separator", name)
		} else if err != nil {
			return nil, err
		}
	}
	c.width = len(fields)
	if err := c.checkLayout(fields, how.Sep); err != nil {
		return nil, err
	}
	t := &Table{Name: name, rows: c}
	for i, f := range fields {
		if how.NoHeader {
			t.Header = append(t.Header, strconv.Itoa(i+1))
		} else {
			t.Header = append(t.Header, strings.Clone(strings.TrimSpace(f))) // not a piece of the whole line
			t.At = append(t.At, c.place(i))
		}
	}
	if how.NoHeader {
		c.ahead, c.aheadLine = fields, c.line
	}
	return t, nil
}

// excelSep is the separator that a first line such as sep=; names for Excel.
func excelSep(fields []string, said rune) (sep rune, named bool) {
	line := fields[0]
	if said != 0 && len(fields) == 2 && fields[1] == "" {
		line += string(said) // which it was divided at
	}
	rest, named := strings.CutPrefix(line, "sep=")
	sep, size := utf8.DecodeRuneInString(rest)
	return sep, named && size == len(rest) && size > 0 && (len(fields) == 1 || said != 0) && !strings.ContainsRune("\"\r\n\ufffd", sep)
}

// checkLayout finds a first line that shows another layout: another separator, or line ends that are none.
func (c *csvRows) checkLayout(fields []string, sep rune) error {
	if i := strings.IndexByte(strings.Join(fields, ""), '\r'); i >= 0 {
		return c.errorAt(0, "the lines end in carriage returns only: save the file with line feeds, as tr '\\r' '\\n' does")
	}
	if len(fields) > 1 || sep != 0 {
		return nil
	}
	for _, s := range []struct{ sep, flag string }{{";", "';'"}, {"\t", "tab"}, {"|", "'|'"}} {
		if strings.Contains(fields[0], s.sep) {
			return c.errorAt(0, "there is only one column, named %s: if its parts are columns, say so with --sep %s", phrase.Quoted(fields[0]), s.flag)
		}
	}
	return nil
}

func (c *csvRows) next() ([]string, error) {
	if c.ahead == nil {
		after := c.after
		fields, err := c.read()
		if err != nil {
			return nil, err
		}
		c.ahead, c.aheadLine = fields, c.line
		if c.width == 1 {
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
	if len(fields) != c.width {
		return nil, fmt.Errorf("%s:%d: %s, but the header names %s", c.name, c.line,
			phrase.Counted(len(fields), "cell"), phrase.Counted(c.width, "column"))
	}
	return fields, nil
}

func (c *csvRows) waiting() bool {
	behind, _ := c.source.r.(*bufio.Reader)
	return c.ahead != nil || c.empty > 0 || holdsLine(c.lines) || holdsLine(behind)
}

// read returns the next row that csv finds, lines of spaces left out.
func (c *csvRows) read() ([]string, error) {
	for {
		c.source.left = maxRecord
		fields, err := c.csv.Read()
		if err != nil {
			return nil, c.explain(err)
		}
		if len(fields) == 1 && blank(fields[0]) && c.width != 1 {
			continue
		}
		c.line, _ = c.csv.FieldPos(0)
		c.after, c.blank = c.line+1, false
		for i, f := range fields {
			if !utf8.ValidString(f) {
				return nil, c.errorAt(i, "the text is not UTF-8: save the file as UTF-8, as iconv -f WINDOWS-1252 -t UTF-8 does")
			}
			c.after += strings.Count(f, "\n")
		}
		return fields, nil
	}
}

// explain puts the place of a mistake first and says what is wrong in the words of a table.
func (c *csvRows) explain(err error) error {
	if errors.Is(err, errLongRecord) {
		return fmt.Errorf("%s: a row after line %d is longer than %d MiB; is a quote not closed?", c.name, c.line, maxRecord>>20)
	}
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		return fmt.Errorf("%s: %w", c.name, err)
	}
	what := parse.Err.Error()
	switch {
	case errors.Is(parse.Err, csv.ErrBareQuote):
		what = `a lone quote in a cell: put the cell in quotes and write "" for a quote inside`
	case errors.Is(parse.Err, csv.ErrQuote):
		what = fmt.Sprintf(`the quoted cell of the row that starts in line %d ends wrongly: write "" for a quote inside and close it`, parse.StartLine)
	}
	return fmt.Errorf("%s:%d:%d: %s", c.name, parse.Line, parse.Column, what)
}

// errorAt is an error about a cell of the row read last.
func (c *csvRows) errorAt(field int, format string, args ...any) error {
	return fmt.Errorf("%s: %s", c.place(field), fmt.Sprintf(format, args...))
}

func (c *csvRows) place(field int) Place {
	if c.blank {
		return Place{c.name, c.line, 1}
	}
	line, column := c.csv.FieldPos(field)
	return Place{c.name, line, column}
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
