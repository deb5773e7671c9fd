package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is the kind of a value's elements.
type Kind uint8

// The kinds of elements.
const (
	F32 Kind = iota
	I32
	I64 // of states and step scalars that count
	F64 // of step scalars: what PyTorch computes in a Python number
)

func (k Kind) String() string { return [...]string{"f32", "i32", "i64", "f64"}[k] }

// Shape is the shape of one sample: the batch axis is not part of it. A scalar has no axes.
type Shape []int

// Size returns the number of elements.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// Last returns the length of the last axis, 1 for a scalar.
func (s Shape) Last() int {
	if len(s) == 0 {
		return 1
	}
	return s[len(s)-1]
}

func (s Shape) String() string {
	dims := make([]string, len(s))
	for i, d := range s {
		dims[i] = strconv.Itoa(d)
	}
	return "[" + strings.Join(dims, ", ") + "]"
}

// Type is what is known of a value before anything runs.
type Type struct {
	Kind  Kind
	Shape Shape
	Batch bool // there is one such shape per row
	Limit int  // integers lie in [0, Limit)
}

// Row returns the type of float32 values of that shape, one per row of the batch.
func Row(dims ...int) Type { return Type{Shape: dims, Batch: true} }

// Whole returns the type of one float32 array, shared by all rows.
func Whole(dims ...int) Type { return Type{Shape: dims} }

// Classes returns the type of integers in [0, limit), one array per row.
func Classes(limit int, dims ...int) Type {
	return Type{Kind: I32, Shape: dims, Batch: true, Limit: limit}
}

// Scalar reports whether the value is a single number.
func (t Type) Scalar() bool { return !t.Batch && len(t.Shape) == 0 }

// Equal reports whether the two types are the same.
func (t Type) Equal(u Type) bool {
	return t.Kind == u.Kind && t.Batch == u.Batch && t.Limit == u.Limit && slices.Equal(t.Shape, u.Shape)
}

func (t Type) String() string {
	dims := t.Shape.String()
	if t.Batch {
		dims = "[n" + strings.TrimSuffix(", "+dims[1:], ", ]")
		if len(t.Shape) == 0 {
			dims = "[n]"
		}
	}
	if t.Limit > 0 {
		return fmt.Sprintf("%v%s of %d", t.Kind, dims, t.Limit)
	}
	return t.Kind.String() + dims
}
