package format

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// jsonLookahead is the number of lines of a file whose keys are its columns. Of a pipe it is the first line alone:
// its writer may wait for an answer before it writes the second.
const jsonLookahead = 256

// jsonRows are the rows of JSON lines: an object a line, its keys the columns. A text or a number is a cell as it
// is written; null, and a key that a line lacks, are empty cells. Empty lines are skipped.
type jsonRows struct {
	name   string
	lines  *bufio.Reader
	line   int // of the row read last
	column map[string]int
	lax    bool   // keys that are no columns are of no interest
	wanted []bool // by column, where lax: it will be asked for
	piped  bool   // the first line alone has named the columns
	first  string // which lines the columns come from

	ahead []jsonRow // rows that were read for their keys
	cells []string
	at    []int // of each cell, bytes from the line's begin; −1: it is not there
}

// jsonRow is one object.
type jsonRow struct {
	line   int
	keys   []string
	cells  []string
	nested []bool // the value is a list or an object, which is no cell
	at     []int
}

func newJSONTable(in io.Reader, name string, lookahead int) (*Table, error) {
	j := &jsonRows{name: name, lines: bufio.NewReaderSize(in, bufferSize), column: map[string]int{}, first: "the first line", piped: lookahead == 1}
	if lookahead > 1 {
		j.first = fmt.Sprintf("the first %d lines", lookahead)
	}
	t := &Table{Name: name, rows: j}
	for len(j.ahead) < lookahead {
		row, err := j.read()
		if isEOF(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		j.ahead = append(j.ahead, row)
		for _, key := range row.keys {
			if _, known := j.column[key]; !known {
				j.column[key] = len(t.Header)
				t.Header = append(t.Header, key)
			}
		}
	}
	if len(t.Header) == 0 {
		return nil, fmt.Errorf("%s: there is no value in it", name)
	}
	j.cells, j.at = make([]string, len(t.Header)), make([]int, len(t.Header))
	return t, nil
}

// expect is Table.Expect.
func (j *jsonRows) expect(header, names []string) []string {
	j.lax = true
	for _, name := range names {
		if _, known := j.column[name]; j.piped && !known {
			j.column[name] = len(header)
			header = append(header, name)
		}
	}
	j.cells, j.at = make([]string, len(header)), make([]int, len(header))
	j.wanted = make([]bool, len(header))
	for _, name := range names {
		if c, known := j.column[name]; known {
			j.wanted[c] = true
		}
	}
	return header
}

func (j *jsonRows) next() ([]string, error) {
	var row jsonRow
	if len(j.ahead) > 0 {
		row, j.ahead = j.ahead[0], j.ahead[1:]
	} else {
		var err error
		if row, err = j.read(); err != nil {
			return nil, err
		}
	}
	j.line = row.line
	for i := range j.cells {
		j.cells[i], j.at[i] = "", -1
	}
	for i, key := range row.keys {
		c, known := j.column[key]
		if !known && j.lax {
			continue
		}
		if !known {
			return nil, fmt.Errorf("%s:%d:%d: the key %q occurs in none of %s, which name the columns: write it there too, null where there is no value",
				j.name, j.line, row.at[i], key, j.first)
		}
		if row.nested[i] && (!j.lax || j.wanted[c]) {
			return nil, fmt.Errorf("%s:%d:%d: the value of %q is a list or an object: a cell is a text, a number, true, false or null", j.name, j.line, row.at[i], key)
		}
		j.cells[c], j.at[c] = row.cells[i], row.at[i]
	}
	return j.cells, nil
}

func (j *jsonRows) place(field int) Place { return Place{j.name, j.line, max(j.at[field], 1)} }

func (j *jsonRows) waiting() bool { return len(j.ahead) > 0 || holdsLine(j.lines) }

// read returns the object of the next line that is not empty.
func (j *jsonRows) read() (jsonRow, error) {
	for {
		text, err := j.readLine()
		if err != nil {
			return jsonRow{}, err
		}
		j.line++
		if j.line == 1 {
			text = bytes.TrimPrefix(text, []byte(byteOrderMark))
		}
		if len(bytes.TrimSpace(text)) > 0 {
			return j.parse(text)
		}
	}
}

// readLine returns the next line, or io.EOF after the last.
func (j *jsonRows) readLine() ([]byte, error) {
	var line []byte
	for {
		piece, err := j.lines.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case len(line) > maxRecord:
			return nil, fmt.Errorf("%s:%d: the line is longer than %d MiB", j.name, j.line+1, maxRecord>>20)
		case errors.Is(err, bufio.ErrBufferFull):
		case isEOF(err) && len(line) > 0:
			return line, nil
		case isEOF(err):
			return nil, io.EOF
		case err != nil:
			return nil, fmt.Errorf("%s: %w", j.name, err)
		default:
			return line, nil
		}
	}
}

// parse reads the object that a line holds.
func (j *jsonRows) parse(text []byte) (jsonRow, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s:%d:%d: %s", j.name, j.line, d.InputOffset()+1, fmt.Sprintf(format, args...))
	}
	broken := func(err error) error {
		if isEOF(err) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fail("the line ends within its object: an object stands on one line")
		}
		return fail("no JSON: %v", err)
	}
	if !utf8.Valid(text) {
		return jsonRow{}, fail("the text is not UTF-8")
	}
	if open, err := d.Token(); err != nil {
		return jsonRow{}, broken(err)
	} else if open != json.Delim('{') {
		return jsonRow{}, fail("each line must hold an object, such as {\"area\": 120}")
	}
	row, seen := jsonRow{line: j.line}, map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return jsonRow{}, broken(err)
		}
		key := token.(string) // what stands in the place of a key is one
		if seen[key] {
			return jsonRow{}, fail("the key %q occurs twice", key)
		}
		seen[key] = true
		at := int(d.InputOffset())
		value, err := d.Token()
		if err != nil {
			return jsonRow{}, broken(err)
		}
		cell, nested := "", false
		switch v := value.(type) {
		case nil:
		case string:
			cell = v
		case json.Number:
			cell = v.String()
		case bool:
			cell = fmt.Sprint(v)
		default:
			nested = true
			if err := skipNested(d); err != nil {
				return jsonRow{}, broken(err)
			}
		}
		row.keys, row.cells, row.nested = append(row.keys, key), append(row.cells, cell), append(row.nested, nested)
		at += len(text[at:]) - len(bytes.TrimLeft(text[at:], ": \t")) // the value itself
		row.at = append(row.at, at+1)
	}
	if _, err := d.Token(); err != nil {
		return jsonRow{}, broken(err)
	}
	if rest := bytes.TrimSpace(text[d.InputOffset():]); len(rest) > 0 {
		return jsonRow{}, fail("%s stands after the object", phrase.Quoted(string(rest)))
	}
	return row, nil
}

// skipNested reads to the end of a list or an object that has begun.
func skipNested(d *json.Decoder) error {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
	return nil
}

// isEOF reports whether err is the end of the rows.
func isEOF(err error) bool { return errors.Is(err, io.EOF) }
