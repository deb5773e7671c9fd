package format

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// npyHeaderFields is what the header of a NumPy array says.
type npyHeaderFields struct {
	descr   string
	fortran bool
	shape   []int
}

// parseNPYHeader reads the Python dictionary that describes an array, such as
// {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, and nothing else
// of Python.
func parseNPYHeader(text string) (npyHeaderFields, error) {
	var h npyHeaderFields
	s := pythonScanner{text}
	seen := map[string]bool{}
	if err := s.expect("{"); err != nil {
		return h, err
	}
	for !s.skip("}") {
		key, err := s.string()
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, fmt.Errorf("the key %s occurs twice", strconv.Quote(key))
		}
		seen[key] = true
		if err := s.expect(":"); err != nil {
			return h, err
		}
		switch key {
		case "descr":
			if s.skip("[") {
				return h, errors.New("the elements are records, which cannot be used; store one array per field")
			}
			h.descr, err = s.string()
		case "fortran_order":
			h.fortran, err = s.bool()
		case "shape":
			h.shape, err = s.shape()
		default:
			err = fmt.Errorf("unknown key %s", strconv.Quote(key))
		}
		if err != nil {
			return h, err
		}
		if !s.skip(",") && !s.at("}") {
			return h, s.unexpected("a comma or }")
		}
	}
	if s.space(); s.rest != "" {
		return h, s.unexpected("nothing more")
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, fmt.Errorf("the key %s is missing", strconv.Quote(key))
		}
	}
	return h, nil
}

// pythonScanner reads literals of Python from the front of rest.
type pythonScanner struct{ rest string }

func (s *pythonScanner) space() { s.rest = strings.TrimLeft(s.rest, " \t\n\r\f") }

func (s *pythonScanner) at(token string) bool {
	s.space()
	return strings.HasPrefix(s.rest, token)
}

func (s *pythonScanner) skip(token string) bool {
	found := s.at(token)
	if found {
		s.rest = s.rest[len(token):]
	}
	return found
}

func (s *pythonScanner) expect(token string) error {
	if !s.skip(token) {
		return s.unexpected(token)
	}
	return nil
}

func (s *pythonScanner) unexpected(want string) error {
	s.space()
	if s.rest == "" {
		return fmt.Errorf("it ends where %s should follow", want)
	}
	return fmt.Errorf("%s stands where %s should", strconv.Quote(s.rest[:min(len(s.rest), 20)]), want)
}

// string reads a string in single or double quotes. Types and keys need no
// escapes, so a backslash is refused.
func (s *pythonScanner) string() (string, error) {
	if !s.at("'") && !s.at(`"`) {
		return "", s.unexpected("a string")
	}
	quote := s.rest[:1]
	text, rest, found := strings.Cut(s.rest[1:], quote)
	if !found || strings.ContainsAny(text, "\\\n") {
		return "", s.unexpected("a plain string")
	}
	s.rest = rest
	return text, nil
}

func (s *pythonScanner) bool() (bool, error) {
	if s.skip("True") {
		return true, nil
	}
	if s.skip("False") {
		return false, nil
	}
	return false, s.unexpected("True or False")
}

// shape reads a tuple of sizes: (), (2,) or (2, 3).
func (s *pythonScanner) shape() ([]int, error) {
	if err := s.expect("("); err != nil {
		return nil, err
	}
	var shape []int
	comma := true
	for !s.skip(")") {
		if !comma {
			return nil, s.unexpected("a comma or )")
		}
		s.space()
		digits := s.rest[:len(s.rest)-len(strings.TrimLeft(s.rest, "0123456789"))]
		size, err := strconv.ParseUint(digits, 10, 63)
		if err != nil || size > math.MaxInt {
			return nil, s.unexpected("a size")
		}
		s.rest = s.rest[len(digits):]
		s.skip("L") // Python 2 marks its long integers
		if shape = append(shape, int(size)); len(shape) > npyMaxRank {
			return nil, fmt.Errorf("the shape has more than %d axes", npyMaxRank)
		}
		comma = s.skip(",")
	}
	if len(shape) == 1 && !comma {
		return nil, errors.New("the shape is a number, not a tuple")
	}
	return shape, nil
}
