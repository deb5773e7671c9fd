package data

import (
	"errors"
	"io"
)

// ReadNPY reads one array in NumPy's format; name stands in the messages.
func ReadNPY(r io.Reader, name string) (*Array, error) {
	return nil, errors.ErrUnsupported
}

// WriteNPY writes a in NumPy's format 1.0.
func WriteNPY(w io.Writer, a *Array) error {
	return errors.ErrUnsupported
}
