package data

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// Array is a dense array as a file stores it, the last axis fastest. Shape has
// at least one axis and Shape[0] counts rows; the other axes are at least 1.
// Exactly one of the three slices is non-nil and holds the product of Shape
// elements.
type Array struct {
	Shape []int
	Uint8 []uint8   // bytes and booleans
	Int   []int32   // all other integers
	Float []float32 // floating point, rounded to float32
}

// Rows is the length of the first axis.
func (a *Array) Rows() int { return a.Shape[0] }

// RowLen is the number of elements in one row: the product of all axes but the
// first.
func (a *Array) RowLen() int {
	n := 1
	for _, d := range a.Shape[1:] {
		n *= d
	}
	return n
}

// Len is the number of elements.
func (a *Array) Len() int { return len(a.Uint8) + len(a.Int) + len(a.Float) }

// String describes the array for messages, as in "uint8 [10000, 28, 28]".
func (a *Array) String() string {
	kind := "float32"
	switch {
	case a.Uint8 != nil:
		kind = "uint8"
	case a.Int != nil:
		kind = "int32"
	}
	return kind + " " + shapeString(a.Shape)
}

func shapeString(shape []int) string {
	return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ")
}

// checkShape returns the number of elements of shape. Only the first axis may
// be 0, so that a product of 0 never hides sizes that overflow, nor a row count
// that no bytes stand for. elemSize bounds the product in bytes as well.
func checkShape(shape []int, elemSize int) (int, error) {
	if len(shape) == 0 {
		return 0, fmt.Errorf("a single number without axes; rows are needed: store it with numpy.atleast_1d")
	}
	n := uint64(1)
	for i, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %s: a negative size", shapeString(shape))
		}
		if d == 0 {
			if i > 0 {
				return 0, fmt.Errorf("shape %s: axis %d has size 0, so the rows are empty", shapeString(shape), i)
			}
			continue
		}
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt/uint64(elemSize) {
			return 0, fmt.Errorf("shape %s: more elements than memory can address", shapeString(shape))
		}
		n = lo
	}
	if shape[0] == 0 {
		return 0, nil
	}
	return int(n), nil
}
