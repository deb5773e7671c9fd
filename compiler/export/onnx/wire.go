package onnx

import (
	"encoding/binary"
	"io"
	"math"
)

// message is a protocol buffer being written. Of onnx.proto three wire types are enough: varints, four bytes, and bytes
// with their length in front. Long pieces are not copied, neither into the message nor, with it, into another one.
type message struct {
	parts [][]byte // in front of tail
	tail  []byte
	size  int64 // of all
}

// The wire types.
const (
	varint = 0
	eight  = 1
	sized  = 2
	four   = 5
)

// copied is the most bytes that a message copies.
const copied = 4096

func (m *message) raw(b []byte) {
	m.size += int64(len(b))
	if len(b) <= copied {
		m.tail = append(m.tail, b...)
		return
	}
	m.parts = append(m.parts, m.tail, b)
	m.tail = nil
}

func (m *message) uvarint(v uint64) { m.raw(binary.AppendUvarint(nil, v)) }

func (m *message) key(field, wire int) { m.uvarint(uint64(field<<3 | wire)) }

// int writes a number, 0 too: whoever reads an attribute looks whether it is there.
func (m *message) int(field int, v int64) {
	m.key(field, varint)
	m.uvarint(uint64(v))
}

func (m *message) float(field int, v float32) {
	m.key(field, four)
	m.raw(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
}

func (m *message) bytes(field int, b []byte) {
	m.key(field, sized)
	m.uvarint(uint64(len(b)))
	m.raw(b)
}

// text writes a text unless it is empty, as one that is not there reads.
func (m *message) text(field int, s string) {
	if s != "" {
		m.bytes(field, []byte(s))
	}
}

// texts writes every text, empty ones too: an operand that is left out is an empty name.
func (m *message) texts(field int, list []string) {
	for _, s := range list {
		m.bytes(field, []byte(s))
	}
}

// ints and floats write lists, element by element as onnx's own library does.
func (m *message) ints(field int, list []int64) {
	for _, v := range list {
		m.int(field, v)
	}
}

func (m *message) floats(field int, list []float32) {
	for _, v := range list {
		m.float(field, v)
	}
}

func (m *message) message(field int, inner *message) {
	m.key(field, sized)
	m.uvarint(uint64(inner.size))
	for _, part := range inner.parts {
		m.raw(part)
	}
	m.raw(inner.tail)
}

func (m *message) writeTo(w io.Writer) error {
	for _, part := range m.parts {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	_, err := w.Write(m.tail)
	return err
}
