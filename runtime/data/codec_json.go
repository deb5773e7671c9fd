package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// CodecKey is where a weight file's metadata holds the codec.
const CodecKey = "nnc.codec"

// codecVersion counts the incompatible forms of the stored codec.
const (
	codecVersion  = 4
	usualVersion  = 3 // a form that version 4 only adds to, see version
	oldestVersion = 2 // a form that version 3 only adds to
)

// maxCodec bounds the stored codec, in bytes.
const maxCodec = 64 << 20

// storedCodec is the codec's JSON form. The same codec gives the same bytes.
type storedCodec struct {
	Version int            `json:"version"`
	Scale   string         `json:"scale"`
	Cells   *Writing       `json:"cells,omitempty"` // where they are not written as usual
	Columns []Column       `json:"columns,omitempty"`
	Inputs  []InputColumns `json:"inputs,omitempty"` // where there are several
	Arrays  []ArrayScale   `json:"arrays,omitempty"`
	Text    *Vocabulary    `json:"text,omitempty"`
	Targets []Target       `json:"targets,omitempty"`
	Series  *Series        `json:"series,omitempty"` // where rows make windows

	Questions *answer.Windows `json:"questions,omitempty"`
}

// ErrNoCodec says that a weight file holds weights only.
var ErrNoCodec = errors.New("the weight file holds no codec: it was not written by nnc train")

// ErrEarlierCodec says that a codec is of a form that this program does not read any more.
var ErrEarlierCodec = errors.New("of an earlier nnc")

// LoadCodec reads the codec that training stored in the weight file at path. The error is ErrNoCodec where the
// file is sound but holds none.
func LoadCodec(path string) (*Codec, error) {
	meta, err := weights.ReadMeta(path)
	if err != nil {
		return nil, err
	}
	c, err := CodecOf(meta)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// ReadCodec reads the codec from the content of a weight file, such as one that go:embed made a part of the program.
// The error is ErrNoCodec where the content is sound but holds none.
func ReadCodec(r io.Reader) (*Codec, error) {
	f, err := weights.ReadFrom(r)
	if err != nil {
		return nil, err
	}
	return CodecOf(f.Meta)
}

// CodecOf reads the codec from a weight file's metadata, or returns ErrNoCodec.
func CodecOf(meta map[string]string) (*Codec, error) {
	text, ok := meta[CodecKey]
	if !ok {
		return nil, ErrNoCodec
	}
	return ParseCodec([]byte(text))
}

// Text is the codec as the weight file's metadata stores it, under CodecKey.
func (c *Codec) Text() (string, error) {
	s := storedCodec{Scale: c.scale, Cells: c.stored(), Columns: c.columns, Arrays: c.arrays, Text: c.text, Targets: c.Targets(), Questions: c.questions}
	if len(c.inputs) > 1 {
		s.Inputs = c.inputs
	}
	s.Version = s.version()
	if c.series.Window > 0 {
		s.Series = &c.series
	}
	for i := range s.Targets {
		if s.Targets[i].Input {
			s.Targets[i].Columns = nil // they follow from the input's
		}
	}
	text, err := json.Marshal(s)
	return string(text), err
}

// version is the oldest form that has all of this: programs that read version 3 know neither questions, spans nor the tokens of a
// WordPiece vocabulary, and what measures these.
func (s *storedCodec) version() int {
	if s.Questions != nil ||
		slices.ContainsFunc(s.Columns, func(c Column) bool { return c.Tokens != nil && (c.Tokens.WordPiece != nil || c.Tokens.Second) }) ||
		slices.ContainsFunc(s.Inputs, func(in InputColumns) bool { return in.Measures == MeasureSegment || in.Real }) ||
		slices.ContainsFunc(s.Targets, func(t Target) bool { return t.Kind == Span }) {
		return codecVersion
	}
	return usualVersion
}

// stored is how cells are written, nil where it is the usual way.
func (c *Codec) stored() *Writing {
	if c.cells.Thousands == "" && c.cells.Decimal == "" && c.cells.Missing == nil {
		return nil
	}
	return c.cells
}

// ParseCodec reads what Text wrote and refuses everything that a fit could not have made.
func ParseCodec(text []byte) (*Codec, error) {
	if len(text) > maxCodec {
		return nil, fmt.Errorf("codec: %d bytes are too many", len(text))
	}
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	switch v := version.Version; {
	case v > codecVersion:
		return nil, fmt.Errorf("codec: version %d is of a later nnc, this program reads version %d: update it", v, codecVersion)
	case v < oldestVersion:
		return nil, fmt.Errorf("codec: version %d is %w, this program reads version %d: train again, with --init to start from these weights", v, ErrEarlierCodec, codecVersion)
	}
	var s storedCodec
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("codec: text after its end")
	}
	if err := s.verify(); err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	cells := Writing{}
	if s.Cells != nil {
		cells = *s.Cells
	}
	c := NewCodec(s.Scale, cells, s.Columns, s.Inputs, s.Arrays, s.Targets)
	c.text, c.questions = s.Text, s.Questions
	if s.Series != nil {
		c.series = *s.Series
		row := 0
		for _, in := range c.inputs {
			row += in.width
		}
		if err := c.series.VerifyValues(row); err != nil {
			return nil, fmt.Errorf("codec: %w", err)
		}
	}
	return c, nil
}

func (s *storedCodec) verify() error {
	if s.Scale != ScaleStandard && s.Scale != ScaleNone {
		return fmt.Errorf("unknown scale %s", phrase.Quoted(s.Scale))
	}
	if s.Cells != nil {
		if err := s.Cells.Verify(); err != nil {
			return fmt.Errorf("cells: %w", err)
		}
	}
	if len(s.Columns) > 0 && len(s.Arrays) > 0 {
		return errors.New("both of a table and of arrays")
	}
	if s.Text != nil && (s.Text.open || len(s.Columns) > 0 || len(s.Arrays) > 0) {
		return errors.New("a text has a closed vocabulary, and neither columns nor arrays beside it")
	}
	if err := s.verifyQuestions(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range s.Columns {
		c := &s.Columns[i]
		if err := c.verify(false); err != nil {
			return err
		}
		if seen[c.Name] {
			return fmt.Errorf("two columns are named %s", phrase.Quoted(c.Name))
		}
		seen[c.Name] = true
	}
	if s.Series != nil && len(NamesOf(s.Columns, KindTokens)) > 0 {
		return errors.New("windows of texts")
	}
	if err := s.verifyInputs(); err != nil {
		return err
	}
	for _, a := range s.Arrays {
		if a.Name == "" || a.Divisor < 0 || !isFinite(a.Divisor) {
			return fmt.Errorf("array %s: divisor %g", phrase.Quoted(a.Name), a.Divisor)
		}
	}
	for i := range s.Targets {
		t := &s.Targets[i]
		if err := t.verify(); err != nil {
			return err
		}
		if t.Input && !s.suits(t) {
			return fmt.Errorf("target %s: there is no input of that name that is a %s", phrase.Quoted(t.Name), t.Kind)
		}
	}
	return s.verifySeries()
}

// verifyInputs checks that the inputs share out the columns, and that none mixes integers with numbers.
func (s *storedCodec) verifyInputs() error {
	if len(s.Inputs) == 0 {
		return verifyInput(InputColumns{}, s.Columns)
	}
	rest, seen := s.Columns, map[string]bool{"": true}
	for _, in := range s.Inputs {
		least := 1
		if in.Of != "" {
			least = 0
		}
		if seen[in.Name] || in.Columns < least || in.Columns > len(rest) || least == 0 && in.Columns > 0 || (in.Of == "") != (in.Measures == "") {
			return fmt.Errorf("input %s of %d columns", phrase.Quoted(in.Name), in.Columns)
		}
		seen[in.Name] = true
		if err := verifyInput(in, rest[:in.Columns]); err != nil {
			return err
		}
		rest = rest[in.Columns:]
	}
	if err := s.verifyMeasures(); err != nil {
		return err
	}
	if len(s.Inputs) == 1 || len(rest) > 0 {
		return fmt.Errorf("%s of a table of %s", phrase.Counted(len(s.Inputs), "input"), phrase.Counted(len(s.Columns), "column"))
	}
	return nil
}

// verifyMeasures checks that inputs measure texts.
func (s *storedCodec) verifyMeasures() error {
	texts, pieces, rest := map[string]bool{}, map[string]bool{}, s.Columns
	for _, in := range s.Inputs {
		texts[in.Name] = in.Columns > 0 && rest[0].Kind == KindTokens
		pieces[in.Name] = texts[in.Name] && rest[0].Tokens.WordPiece != nil
		rest = rest[in.Columns:]
	}
	for _, in := range s.Inputs {
		segment, mask := in.Measures == MeasureSegment && pieces[in.Of], in.Measures == MeasureMask
		if in.Of != "" && (!texts[in.Of] || in.Measures != MeasureLength && !mask && !segment || in.Real && !mask || s.Series != nil) {
			return fmt.Errorf("input %s: %s of %s cannot be measured", phrase.Quoted(in.Name), phrase.Quoted(in.Measures), phrase.Quoted(in.Of))
		}
	}
	return nil
}

func verifyInput(in InputColumns, columns []Column) error {
	for _, c := range columns {
		if c.Kind == KindTokens && (len(columns) > 1 || c.Tokens.Second) && !arePair(columns) {
			return fmt.Errorf("input %s: the text %s stands alone", phrase.Quoted(in.Name), phrase.Quoted(c.Name))
		}
		if first := columns[0]; (c.Kind == KindIndex) != (first.Kind == KindIndex) || c.Limit != first.Limit {
			return fmt.Errorf("input %s: column %s does not suit column %s", phrase.Quoted(in.Name), phrase.Quoted(c.Name), phrase.Quoted(first.Name))
		}
	}
	return nil
}

// suits reports whether t is an input of the codec, of its kind.
func (s *storedCodec) suits(t *Target) bool {
	for _, a := range s.Arrays {
		if a.Name == t.Name {
			return true
		}
	}
	columns := s.Columns
	for _, in := range s.Inputs {
		if in.Name == t.Name {
			columns = columns[:in.Columns]
			break
		}
		columns = columns[in.Columns:]
	}
	if len(columns) == 0 {
		return false
	}
	if first := columns[0]; first.Kind == KindIndex || first.Kind == KindTokens || t.Kind == Class {
		return (first.Kind == KindIndex || first.Kind == KindTokens) && t.Kind == Class && first.Limit == t.Count
	}
	return true
}
