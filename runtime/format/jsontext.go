package format

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// jsonText reads a JSON text from its beginning to its end and knows the place of every value, which encoding/json does
// not tell. It keeps one text or number in memory at a time.
type jsonText struct {
	name  string // of the file
	in    *bufio.Reader
	line  int // of the byte that comes next, from 1
	next  int // its column, in bytes from 1
	depth int // objects and lists that are open
	text  []byte
}

// maxDepth bounds the objects and lists within one another.
const maxDepth = 1000

func newJSONText(in *bufio.Reader, name string) *jsonText {
	j := &jsonText{name: name, in: in, line: 1, next: 1}
	if mark, _ := in.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		in.Discard(len(byteOrderMark)) // what was peeked is there
	}
	return j
}

// place is where the byte that comes next stands.
func (j *jsonText) place() Place { return Place{j.name, j.line, j.next} }

// errorAt is an error about what stands at a place.
func errorAt(at Place, format string, args ...any) error {
	return fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...))
}

// take returns the next byte. A file that ends here is an error.
func (j *jsonText) take() (byte, error) {
	c, err := j.in.ReadByte()
	switch {
	case errors.Is(err, io.EOF):
		return 0, errorAt(j.place(), "the file ends within its JSON: it is not whole")
	case err != nil:
		return 0, fmt.Errorf("%s: %w", j.name, err)
	case c == '\n':
		j.line, j.next = j.line+1, 1
	default:
		j.next++
	}
	return c, nil
}

// peek skips spaces and returns the byte behind them, which stays; 0 at the file's end.
func (j *jsonText) peek() (byte, error) {
	for {
		head, err := j.in.Peek(1)
		switch {
		case errors.Is(err, io.EOF):
			return 0, nil
		case err != nil:
			return 0, fmt.Errorf("%s: %w", j.name, err)
		}
		switch c := head[0]; c {
		case ' ', '\t', '\r', '\n':
			if _, err := j.take(); err != nil {
				return 0, err
			}
		default:
			return c, nil
		}
	}
}

// want skips spaces and takes the byte that must stand behind them.
func (j *jsonText) want(c byte, where string) error {
	found, err := j.peek()
	if err != nil {
		return err
	}
	if found == c || found == 0 {
		_, err := j.take()
		return err
	}
	return errorAt(j.place(), "no JSON: %s stands where %q belongs, %s", visible(found), c, where)
}

// visible is a byte in the middle of a message.
func visible(c byte) string {
	if c < utf8.RuneSelf {
		return fmt.Sprintf("%q", c)
	}
	return fmt.Sprintf("the byte <%02X>", c)
}

// open begins an object or a list; what says what it holds.
func (j *jsonText) open(c byte, what string) error {
	found, err := j.peek()
	if err != nil {
		return err
	}
	if found != c && found != 0 {
		kind := map[byte]string{'{': "an object", '[': "a list"}
		return errorAt(j.place(), "%s is %s, and here stands %s", what, kind[c], j.kind(found))
	}
	if j.depth++; j.depth > maxDepth {
		return errorAt(j.place(), "more than %d objects and lists within one another", maxDepth)
	}
	_, err = j.take()
	return err
}

// kind says what a value is that begins with c.
func (j *jsonText) kind(c byte) string {
	switch {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return "a text"
	case c == '-', '0' <= c && c <= '9':
		return "a number"
	case c == 't', c == 'f', c == 'n':
		return "true, false or null"
	}
	return visible(c)
}

// more reports whether an object or a list that c ends has another element, and takes what stands before it; n is the
// number of those before.
func (j *jsonText) more(c byte, n int, where string) (bool, error) {
	found, err := j.peek()
	switch {
	case err != nil:
		return false, err
	case found == c:
		j.depth--
		_, err := j.take()
		return false, err
	case n > 0:
		return true, j.want(',', where)
	}
	return true, nil
}

// member is one of an object's.
type member struct {
	key      string
	read     func() error
	optional bool
}

// object reads an object, what says which. Members of other keys are skipped.
func (j *jsonText) object(what string, members ...member) error {
	if _, err := j.peek(); err != nil {
		return err
	}
	at := j.place()
	if err := j.open('{', what); err != nil {
		return err
	}
	read := make([]bool, len(members))
	for n := 0; ; n++ {
		more, err := j.more('}', n, "between the members of an object")
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := j.member(what, members, read); err != nil {
			return err
		}
	}
	for i, m := range members {
		if !read[i] && !m.optional {
			return errorAt(at, "%s has no %q: questions come as SQuAD has them, %s", what, m.key, squadForm)
		}
	}
	return nil
}

func (j *jsonText) member(what string, members []member, read []bool) error {
	key, at, err := j.key()
	if err != nil {
		return err
	}
	for i, m := range members {
		if m.key != key {
			continue
		}
		if read[i] {
			return errorAt(at, "the key %q occurs twice in %s", key, what)
		}
		read[i] = true
		return m.read()
	}
	return j.skip()
}

// key reads the key of a member, to its value.
func (j *jsonText) key() (key string, at Place, err error) {
	c, err := j.peek()
	at = j.place()
	switch {
	case err != nil:
		return "", at, err
	case c != '"' && c != 0:
		return "", at, errorAt(at, "no JSON: %s stands where a key in quotes belongs", visible(c))
	}
	if key, err = j.string(); err != nil {
		return "", at, err
	}
	return key, at, j.want(':', "behind a key")
}

// list reads a list, what says of which, element by element.
func (j *jsonText) list(what string, element func() error) error {
	if err := j.open('[', what); err != nil {
		return err
	}
	for n := 0; ; n++ {
		more, err := j.more(']', n, "between the elements of a list")
		if err != nil || !more {
			return err
		}
		if err := element(); err != nil {
			return err
		}
	}
}

// skip reads a value of any kind and forgets it.
func (j *jsonText) skip() error {
	c, err := j.peek()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return j.object("the value")
	case '[':
		return j.list("the value", j.skip)
	case '"':
		_, err := j.string()
		return err
	}
	_, err = j.word("a value")
	return err
}

// textTo reads a text; what says of what.
func (j *jsonText) textTo(to *string, what string) func() error {
	return func() error {
		c, err := j.peek()
		if err != nil {
			return err
		}
		if c != '"' && c != 0 {
			return errorAt(j.place(), "%s is a text, and here stands %s", what, j.kind(c))
		}
		*to, err = j.string()
		return err
	}
}

// countTo reads a whole number of at least 0; what says of what.
func (j *jsonText) countTo(to *int, what string) func() error {
	return func() error {
		c, err := j.peek()
		if err != nil {
			return err
		}
		at := j.place()
		if c == '{' || c == '[' || c == '"' {
			return errorAt(at, "%s is a whole number, and here stands %s", what, j.kind(c))
		}
		text, err := j.word("a whole number")
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > math.MaxInt32 {
			return errorAt(at, "%s is a whole number of at least 0, not %s", what, phrase.Quoted(text))
		}
		*to = n
		return nil
	}
}

// flagTo reads true or false; what says of what.
func (j *jsonText) flagTo(to *bool, what string) func() error {
	return func() error {
		if _, err := j.peek(); err != nil {
			return err
		}
		at := j.place()
		text, err := j.word("true or false")
		if err == nil && text != "true" && text != "false" {
			err = errorAt(at, "%s is true or false, not %s", what, phrase.Quoted(text))
		}
		*to = text == "true"
		return err
	}
}
