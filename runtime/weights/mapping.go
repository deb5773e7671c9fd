package weights

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// The bounds of a map file: its bytes, and the lines with an asterisk, and those of tensors that start anew, each of which
// is compared with every tensor.
const (
	maxMapping  = 1 << 20
	maxPatterns = 1000
)

// LeftOut stands in a map file in place of the name of a tensor that is not taken over: on the right of one of theirs that
// is left out, on the left of one of ours that starts anew.
const LeftOut = "-"

// Mapping says what the tensors of another program's weight file are called here. It is a text with a line for each
// tensor or, with an asterisk that stands for the same characters on both sides, for several:
//
//	# theirs = ours
//	encoder.fc1.* = linear1.*
//	head.bias     = linear2.bias
//	head.scale    = -
//	places[:256]  = position1.weight
//	-             = linear3.*
//
// A tensor whose name is - is left out, and one that no line names keeps its name. Of a tensor with [:256] behind its name
// the first 256 rows are taken. Ours that stand behind a - are not in the file: they start anew, where a training begins.
// A comment is what stands behind a #, at the beginning of a line or after a blank.
type Mapping struct {
	file     string
	rules    []rule
	exact    map[string]int // the rules for a tensor of theirs without an asterisk, by what they have on the left
	patterns []int          // those with one
	anew     []int          // those of ours that start anew
}

// rule is a line of a mapping.
type rule struct {
	from, to side
	line     int
}

// side is what stands on one side of a line.
type side struct {
	before, after string // the name, or what stands before and behind the asterisk
	star          bool
	rows          int // how many of the first rows are meant; 0: all
	column        int // where it begins, in characters
}

func (s side) String() string {
	if s.star {
		return s.before + "*" + s.after
	}
	return s.before
}

// match returns what the asterisk stands for in name.
func (s side) match(name string) (stem string, ok bool) {
	if !s.star {
		return "", name == s.before
	}
	if len(name) < len(s.before)+len(s.after) {
		return "", false
	}
	stem, ok = strings.CutPrefix(name, s.before)
	if ok {
		stem, ok = strings.CutSuffix(stem, s.after)
	}
	return stem, ok
}

// ReadMapping reads the map file at path.
func ReadMapping(path string) (*Mapping, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxMapping+1))
	if err != nil {
		return nil, err
	}
	return ParseMapping(path, text)
}

// ParseMapping reads the text of a map file. Its errors begin with file:line:column.
func ParseMapping(file string, text []byte) (*Mapping, error) {
	if len(text) > maxMapping {
		return nil, fmt.Errorf("%s: longer than %d bytes: this is no map of names", file, maxMapping)
	}
	m := &Mapping{file: file, exact: map[string]int{}}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for i, line := range strings.Split(string(text), "\n") {
		r, column, err := parseRule(strings.TrimSuffix(line, "\r"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d:%d: %w", file, i+1, column, err)
		}
		if r == (rule{}) {
			continue
		}
		r.line = i + 1
		if err := m.add(r); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// add appends a line.
func (m *Mapping) add(r rule) error {
	i := len(m.rules)
	m.rules = append(m.rules, r)
	if r.anew() {
		if m.anew = append(m.anew, i); len(m.anew) > maxPatterns {
			return fmt.Errorf("%s: more than %d lines of tensors that start anew: say it with *", m.at(r, r.from), maxPatterns)
		}
		return nil
	}
	if r.from.star {
		if m.patterns = append(m.patterns, i); len(m.patterns) > maxPatterns {
			return fmt.Errorf("%s: more than %d lines with *", m.at(r, r.from), maxPatterns)
		}
		return nil
	}
	if first, taken := m.exact[r.from.before]; taken {
		return m.twice(m.rules[first], r, r.from.before)
	}
	m.exact[r.from.before] = i
	return nil
}

// twice is the error of two lines for one tensor.
func (m *Mapping) twice(first, second rule, name string) error {
	return fmt.Errorf("%s: line %d is for %s too: write one line for each tensor", m.at(second, second.from), first.line, quote(name))
}

// at is the place of a side of a line.
func (m *Mapping) at(r rule, s side) string { return fmt.Sprintf("%s:%d:%d", m.file, r.line, s.column) }

// parseRule reads a line. Of a mistake it returns the column, in characters; of an empty line no rule.
func parseRule(line string) (r rule, column int, err error) {
	if !utf8.ValidString(line) {
		valid := strings.ToValidUTF8(line, "\xff")
		return r, 1 + utf8.RuneCountInString(valid[:strings.IndexByte(valid, 0xff)]), errors.New("this is not UTF-8")
	}
	line = withoutComment(line)
	if strings.TrimSpace(line) == "" {
		return r, 0, nil
	}
	equals := strings.IndexByte(line, '=')
	if equals < 0 {
		return r, columnOf(line, 0), errors.New("there is no =: write `theirs = ours`, as `fc1.* = linear1.*`")
	}
	if again := strings.IndexByte(line[equals+1:], '='); again >= 0 {
		at := equals + 1 + again
		return r, 1 + utf8.RuneCountInString(line[:at]), errors.New("a second =: each line names one tensor, or those of one pattern")
	}
	for _, s := range []struct {
		side    *side
		text    string
		begin   int
		missing string
	}{
		{&r.from, line[:equals], 0, "the name of their tensor is missing before the ="},
		{&r.to, line[equals+1:], equals + 1, "the name of the tensor here is missing behind the =; to leave theirs out, write -"},
	} {
		s.side.column = columnOf(line, s.begin)
		text := strings.TrimSpace(s.text)
		if text == "" {
			return r, 1 + utf8.RuneCountInString(line[:equals]), errors.New(s.missing)
		}
		var rest string
		name, err := s.side.cut(text)
		if err != nil {
			return r, s.side.column, err
		}
		s.side.before, rest, s.side.star = strings.Cut(name, "*")
		s.side.after = rest
		if strings.Contains(rest, "*") {
			return r, s.side.column, fmt.Errorf("%s has more than one *", quote(text))
		}
	}
	leftOut := r.to.String() == LeftOut
	switch {
	case leftOut && r.anew():
		return r, r.from.column, errors.New("there is a - on both sides: write the tensors that are left out before the =, or those that start anew behind it")
	case r.to.rows > 0:
		return r, r.to.column, fmt.Errorf("the rows to take stand behind the name of their tensor, before the =: %s[:%d]", r.from, r.to.rows)
	case r.from.rows > 0 && (leftOut || r.anew()):
		return r, r.from.column, errors.New("a tensor that is left out has no rows to take")
	case r.from.star != r.to.star && !leftOut && !r.anew():
		return r, r.to.column, errors.New("one side has a * and the other has none: it stands for the same on both")
	}
	return r, 0, nil
}

// withoutComment returns a line up to a # at its beginning or behind a blank.
func withoutComment(line string) string {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return line[:i]
		}
	}
	return line
}

// columnOf is where, in characters from 1, the first text at or behind a byte of the line stands.
func columnOf(line string, begin int) int {
	rest := line[begin:]
	begin += len(rest) - len(strings.TrimLeft(rest, " \t"))
	return 1 + utf8.RuneCountInString(line[:begin])
}

// Turned is the mapping in the other direction, from our names to theirs, without what it leaves out; what starts anew by
// it has no name of theirs, and keeps ours. There is none of a mapping that takes a part of a tensor: the rest is not here.
func (m *Mapping) Turned() (*Mapping, error) {
	turned := &Mapping{file: m.file, exact: map[string]int{}}
	for _, r := range m.rules {
		switch {
		case r.anew() || r.to.String() == LeftOut:
			continue
		case r.from.rows > 0:
			return nil, fmt.Errorf("%s: of %s the first %d rows are here, and not the others: take the [:%d] away to write it with as many as the model has",
				m.at(r, r.from), quote(r.from.String()), r.from.rows, r.from.rows)
		}
		if err := turned.add(rule{from: r.to, to: r.from, line: r.line}); err != nil {
			return nil, err
		}
	}
	return turned, nil
}
