package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// Read reads a file. Whatever the bytes are, the answer is a model or an error that says what is wrong with them; memory is a
// small multiple of theirs, to which the model refers. What models of nets do not need is left out: graphs in attributes,
// functions, sparse tensors, types that are no tensors.
func Read(file []byte) (*Model, error) {
	r := &reader{left: mostParts}
	m, err := r.model(file)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// mostParts is how many nodes, names, attributes, sizes and the like a file may have: hundreds of times what large models have.
const mostParts = 1 << 20

var (
	errTruncated = errors.New("the file is truncated, damaged, or not an ONNX file")
	errParts     = fmt.Errorf("the file has more than %d nodes, names and numbers", mostParts)
	errElsewhere = errors.New("its weights lie in another file: save the model as one file, as onnx.save_model does with save_as_external_data=False")
)

// reader counts down what it makes, so that a short file cannot ask for much memory.
type reader struct{ left int }

// field is one field of a message: a number, or bytes of the file.
type field struct {
	number int
	wire   int
	value  uint64
	bytes  []byte
}

// fields calls each with every field of a message.
func (r *reader) fields(b []byte, each func(f field) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 || key>>3 > 1<<29-1 {
			return errTruncated
		}
		b = b[n:]
		f := field{number: int(key >> 3), wire: int(key & 7)}
		size := 0
		switch f.wire {
		case varint:
			if f.value, n = binary.Uvarint(b); n <= 0 {
				return errTruncated
			}
			b = b[n:]
		case eight:
			size = 8
		case four:
			size = 4
		case sized:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return errTruncated
			}
			b, size = b[n:], int(length)
		default:
			return errTruncated
		}
		if size > len(b) {
			return errTruncated
		}
		f.bytes, b = b[:size:size], b[size:]
		if r.left--; r.left < 0 {
			return errParts
		}
		if err := each(f); err != nil {
			return err
		}
	}
	return nil
}

// int takes a number.
func (f field) int(to *int64) error {
	if f.wire != varint {
		return errTruncated
	}
	*to = int64(f.value)
	return nil
}

// text takes a text.
func (f field) text(to *string) error {
	if f.wire != sized || !utf8.Valid(f.bytes) {
		return errTruncated
	}
	*to = string(f.bytes)
	return nil
}

// message reads an inner message.
func (r *reader) message(f field, each func(f field) error) error {
	if f.wire != sized {
		return errTruncated
	}
	return r.fields(f.bytes, each)
}

// texts appends a text to a list.
func (f field) texts(list *[]string) error {
	var s string
	err := f.text(&s)
	*list = append(*list, s)
	return err
}

// ints appends the numbers of a repeated field, packed or not.
func (r *reader) ints(f field, list *[]int64) error {
	if f.wire == varint {
		*list = append(*list, int64(f.value))
		return nil
	}
	if f.wire != sized {
		return errTruncated
	}
	for b := f.bytes; len(b) > 0; {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return errTruncated
		}
		if r.left--; r.left < 0 {
			return errParts
		}
		*list, b = append(*list, int64(v)), b[n:]
	}
	return nil
}

// floats appends the numbers of a repeated field, packed or not.
func (r *reader) floats(f field, list *[]float32) error {
	if f.wire != four && f.wire != sized || len(f.bytes)%4 != 0 {
		return errTruncated
	}
	for b := f.bytes; len(b) > 0; b = b[4:] {
		if r.left--; r.left < 0 {
			return errParts
		}
		*list = append(*list, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return nil
}
