package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// Array is a dense array as a file stores it, the last axis fastest. Shape has
// at least one axis and Shape[0] counts rows; the other axes are at least 1.
// Exactly one of the three slices is non-nil and holds the product of Shape
// elements.
type Array struct {
	Shape []int
	Uint8 []uint8   // bytes
	Int   []int32   // all other integers; booleans as 0 and 1
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
	return kind + " " + phrase.Shape(a.Shape)
}

// elementCount returns the number of elements of shape. Only the first axis may
// be 0, so that a product of 0 never hides sizes that overflow, nor a row count
// that no bytes stand for. elemSize bounds the product in bytes as well.
func elementCount(shape []int, elemSize int) (int, error) {
	if len(shape) == 0 {
		return 0, fmt.Errorf("a single number without axes; rows are needed: store it with numpy.atleast_1d")
	}
	n := uint64(1)
	for i, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %s: a negative size", phrase.Shape(shape))
		}
		if d == 0 {
			if i > 0 {
				return 0, fmt.Errorf("shape %s: axis %d has size 0, so the rows are empty", phrase.Shape(shape), i)
			}
			continue
		}
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt/uint64(elemSize) {
			return 0, fmt.Errorf("shape %s: more elements than memory can address", phrase.Shape(shape))
		}
		n = lo
	}
	if shape[0] == 0 {
		return 0, nil
	}
	return int(n), nil
}

// element is how one number stands in a file.
type element struct {
	kind byte // 'b' boolean, 'u' unsigned, 'i' signed, 'f' floating point
	size int  // bytes
	big  bool // the most significant byte comes first
}

// maxExpansion bounds what the compressed file of that many bytes may expand
// to. Data compress by less than a hundred; a file of 10 MB that holds 10 GB is
// an attack.
func maxExpansion(fileSize int64) int64 {
	const small = 1 << 30
	return max(small, 100*min(fileSize, math.MaxInt64/100))
}

// readElements reads an array of that shape, and checks that r ends with it.
// Memory grows with the bytes that arrive, not with what the shape promises.
func readElements(r io.Reader, shape []int, e element) (*Array, error) {
	n, err := elementCount(shape, max(e.size, 4))
	if err != nil {
		return nil, err
	}
	a := &Array{Shape: shape}
	switch {
	case e.kind == 'f':
		a.Float = []float32{}
	case e.kind != 'u' || e.size > 1:
		a.Int = []int32{}
	default:
		a.Uint8 = []uint8{}
	}
	buf := make([]byte, 1<<16)
	for done := 0; done < n; {
		chunk := buf[:min(n-done, len(buf)/e.size)*e.size]
		got, err := io.ReadFull(r, chunk)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("the file is truncated: %s takes %d bytes, there are %d", phrase.Shape(shape), n*e.size, done*e.size+got)
		}
		if err != nil {
			return nil, err
		}
		if e.big {
			swapBytes(chunk, e.size)
		}
		if err := a.grow(chunk, e, done); err != nil {
			return nil, err
		}
		done += len(chunk) / e.size
	}
	switch got, err := io.ReadFull(r, buf[:1]); {
	case got > 0:
		return nil, fmt.Errorf("more bytes follow after the %d that %s takes; a file holds one array", n*e.size, phrase.Shape(shape))
	case errors.Is(err, io.ErrUnexpectedEOF): // a compressed file without its end
		return nil, errors.New("the file is truncated: it ends before its checksum")
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return a, nil
}

// swapBytes reverses the bytes of each element.
func swapBytes(chunk []byte, size int) {
	for ; len(chunk) > 0; chunk = chunk[size:] {
		slices.Reverse(chunk[:size])
	}
}

// grow appends the elements in chunk, the first of which is element number
// first of the array.
func (a *Array) grow(chunk []byte, e element, first int) error {
	switch {
	case a.Uint8 != nil:
		a.Uint8 = append(a.Uint8, chunk...)
	case a.Int != nil:
		for i := 0; i < len(chunk); i += e.size {
			v, ok := e.integer(chunk[i:])
			if !ok {
				return fmt.Errorf("element %d does not fit into 32 bits; only integers from %d to %d can be used",
					first+i/e.size, math.MinInt32, math.MaxInt32)
			}
			a.Int = append(a.Int, v)
		}
	default:
		for i := 0; i < len(chunk); i += e.size {
			v, ok := e.float(chunk[i:])
			if !ok {
				return fmt.Errorf("element %d is beyond the range of float32; scale the data first", first+i/e.size)
			}
			a.Float = append(a.Float, v)
		}
	}
	return nil
}

// integer reads the little-endian integer at the start of b; ok is false if it
// is not an int32.
func (e element) integer(b []byte) (v int32, ok bool) {
	le := binary.LittleEndian
	var wide int64
	switch {
	case e.kind == 'b':
		if b[0] != 0 {
			wide = 1
		}
	case e.size == 8:
		wide = int64(le.Uint64(b))
		if e.kind == 'u' && wide < 0 {
			return 0, false
		}
	case e.size == 4 && e.kind == 'u':
		wide = int64(le.Uint32(b))
	case e.size == 4:
		wide = int64(int32(le.Uint32(b)))
	case e.size == 2 && e.kind == 'u':
		wide = int64(le.Uint16(b))
	case e.size == 2:
		wide = int64(int16(le.Uint16(b)))
	default:
		wide = int64(int8(b[0]))
	}
	return int32(wide), wide == int64(int32(wide))
}

// float reads the little-endian number at the start of b, rounded to the
// nearest; ok is false if that made it infinite.
func (e element) float(b []byte) (v float32, ok bool) {
	le := binary.LittleEndian
	switch e.size {
	case 8:
		wide := math.Float64frombits(le.Uint64(b))
		v = float32(wide)
		return v, !math.IsInf(float64(v), 0) || math.IsInf(wide, 0)
	case 4:
		return math.Float32frombits(le.Uint32(b)), true
	}
	return weights.FromF16(le.Uint16(b)), true
}
