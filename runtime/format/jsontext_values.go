package format

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// word reads a number, true, false or null.
func (j *jsonText) word(what string) (string, error) {
	at := j.place()
	j.text = j.text[:0]
	for {
		head, err := j.in.Peek(1)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("%s: %w", j.name, err)
		}
		if err != nil || !ofWord(head[0]) {
			break
		}
		c, err := j.take()
		if err != nil {
			return "", err
		}
		if j.text = append(j.text, c); len(j.text) > maxWord {
			return "", errorAt(at, "a number of more than %d digits", maxWord)
		}
	}
	switch {
	case json.Valid(j.text):
		return string(j.text), nil
	case len(j.text) > 0:
		return "", errorAt(at, "no JSON: %s, where %s belongs", phrase.Quoted(string(j.text)), what)
	}
	c, err := j.take()
	if err != nil {
		return "", err
	}
	return "", errorAt(at, "no JSON: %s stands where %s belongs", visible(c), what)
}

// maxWord bounds a number, in bytes.
const maxWord = 1000

func ofWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'
}

// string reads a text, at whose quotation mark the reader stands. Halves of a pair of surrogates that stand alone are
// U+FFFD, as encoding/json has it.
func (j *jsonText) string() (string, error) {
	at := j.place()
	if _, err := j.take(); err != nil {
		return "", err
	}
	j.text = j.text[:0]
	for {
		here := j.place()
		c, err := j.take()
		switch {
		case err != nil:
			return "", err
		case c == '"':
			return j.checked(at)
		case c == '\\':
			if err := j.escaped(here); err != nil {
				return "", err
			}
		case c < ' ':
			return "", errorAt(here, "no JSON: %q within a text, where a line break is written \\n, a tab \\t", c)
		default:
			j.text = append(j.text, c)
		}
		if len(j.text) > maxRecord {
			return "", errorAt(at, "a text of more than %d MiB: is a quotation mark missing at its end?", maxRecord>>20)
		}
	}
}

// checked is the text that was read, which must be UTF-8.
func (j *jsonText) checked(at Place) (string, error) {
	if !utf8.Valid(j.text) {
		return "", errorAt(at, "the text that begins here is not UTF-8: save the file as UTF-8, as iconv -f LATIN1 -t UTF-8 does")
	}
	return string(j.text), nil
}

// escaped reads what stands behind a backslash.
func (j *jsonText) escaped(at Place) error {
	c, err := j.take()
	if err != nil {
		return err
	}
	const letters, bytes = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for i := range len(letters) {
		if letters[i] == c {
			j.text = append(j.text, bytes[i])
			return nil
		}
	}
	if c != 'u' {
		return errorAt(at, "no JSON: a backslash before %s; a backslash itself is written \\\\", visible(c))
	}
	r, err := j.unit(at)
	if err != nil {
		return err
	}
	for utf16.IsSurrogate(r) {
		if behind, err := j.in.Peek(2); err != nil || string(behind) != `\u` {
			break // and a text that ends here is told by whoever reads on
		}
		for range 2 {
			if _, err := j.take(); err != nil {
				return err
			}
		}
		second, err := j.unit(at)
		if err != nil {
			return err
		}
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			r = pair
			break
		}
		j.text = utf8.AppendRune(j.text, utf8.RuneError)
		r = second
	}
	j.text = utf8.AppendRune(j.text, r)
	return nil
}

// unit reads the four digits of an escape.
func (j *jsonText) unit(at Place) (rune, error) {
	var digits [4]byte
	for i := range digits {
		c, err := j.take()
		if err != nil {
			return 0, err
		}
		digits[i] = c
	}
	v, err := strconv.ParseUint(string(digits[:]), 16, 16)
	if err != nil {
		return 0, errorAt(at, "no JSON: \\u wants four hexadecimal digits, not %s", phrase.Quoted(string(digits[:])))
	}
	return rune(v), nil
}
