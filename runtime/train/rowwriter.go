package train

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// value is what stands in one place of a table of predictions.
type value struct {
	text   string
	number bool // text is one, as JSON writes it, unless it is not finite
}

// number64 and number32 are numbers of a prediction, in the shortest text that reads back as them.
func number64(v float64) value { return value{decimal(v, 64), true} }
func number32(v float32) value { return value{decimal(float64(v), 32), true} }

// decimal is the shortest text that reads back as v, a number of that many bits.
func decimal(v float64, bits int) string {
	format := byte('f')
	if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'e' // as encoding/json does
	}
	return strconv.FormatFloat(v, format, -1, bits)
}

// rowWriter writes rows of values under their names: CSV with a header, or a JSON object per row.
type rowWriter struct {
	lines *wholeLines
	tame  bool // they go to a terminal, which what the data say is not to command
	csv   *csv.Writer
	cells []string
	keys  []string // of JSON: what stands before each value; nil for CSV
}

func newRowWriter(w io.Writer, names []string, asJSON, tame bool) (*rowWriter, error) {
	r := &rowWriter{lines: &wholeLines{w: w}, tame: tame}
	r.csv = csv.NewWriter(r.lines)
	if !asJSON {
		return r, r.writeCells(names)
	}
	for i, name := range names {
		before := ","
		if i == 0 {
			before = "{"
		}
		r.keys = append(r.keys, before+r.quoted(name)+":")
	}
	return r, nil
}

// write writes a row of as many values as there are names.
func (r *rowWriter) write(row []value) error {
	if r.keys != nil {
		return r.writeObject(row)
	}
	r.cells = r.cells[:0]
	for _, v := range row {
		r.cells = append(r.cells, v.text)
	}
	return r.writeCells(r.cells)
}

func (r *rowWriter) writeCells(cells []string) error {
	if r.tame {
		shown := make([]string, len(cells))
		for i, cell := range cells {
			shown[i] = phrase.Tame(cell)
		}
		cells = shown
	}
	if err := r.csv.Write(cells); err != nil {
		return err
	}
	r.csv.Flush()
	return r.lines.end()
}

func (r *rowWriter) writeObject(row []value) error {
	for i, v := range row {
		text := v.text
		switch {
		case !v.number:
			text = r.quoted(text)
		case strings.HasSuffix(text, "N") || strings.HasSuffix(text, "Inf"):
			text = "null" // JSON has no NaN and no infinity
		}
		r.lines.held = append(append(r.lines.held, r.keys[i]...), text...)
	}
	r.lines.held = append(r.lines.held, "}\n"...)
	return r.lines.end()
}

// flush hands on the rows so far.
func (r *rowWriter) flush() error { return r.lines.flush() }

// quoted is a text as JSON writes it, with < and & as they are, for a terminal without those characters that command
// it and that JSON lets stand.
func (r *rowWriter) quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // to memory, of a text
	quoted := strings.TrimSuffix(b.String(), "\n")
	if !r.tame || strings.IndexFunc(quoted, phrase.Commands) < 0 {
		return quoted
	}
	b.Reset()
	for _, c := range quoted {
		if !phrase.Commands(c) {
			b.WriteRune(c)
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
