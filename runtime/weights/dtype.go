package weights

import (
	"encoding/binary"
	"fmt"
	"math"
)

// DType is the type of a tensor's elements in the file, by the format's name.
type DType string

// The types that are read. F32 and all integers are also written.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	F16  DType = "F16"
	BF16 DType = "BF16"
	I64  DType = "I64"
	I32  DType = "I32"
	I16  DType = "I16"
	I8   DType = "I8"
	U64  DType = "U64"
	U32  DType = "U32"
	U16  DType = "U16"
	U8   DType = "U8"
	Bool DType = "BOOL"
)

// Size is the number of bytes of one element, 0 if the type is not read.
func (t DType) Size() int {
	switch t {
	case F64, I64, U64:
		return 8
	case F32, I32, U32:
		return 4
	case F16, BF16, I16, U16:
		return 2
	case I8, U8, Bool:
		return 1
	}
	return 0
}

// Float says whether the elements are floating-point numbers.
func (t DType) Float() bool { return t == F64 || t == F32 || t == F16 || t == BF16 }

// valid tells a type that is read from one that the format has but this package
// does not, and from one that nobody knows.
func (t DType) valid() error {
	if t.Size() > 0 {
		return nil
	}
	switch t {
	case "F8_E5M2", "F8_E4M3", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4", "C64":
		return fmt.Errorf("elements of type %s are not supported; store them as F32 (in PyTorch: tensor.float())", string(t))
	}
	return fmt.Errorf("the format has no element type %s", quote(string(t)))
}

// DecodeFloats converts the elements in src to float32. F64 is rounded to the
// nearest, ties to even, beyond the range to infinity; the others are exact.
func (t DType) DecodeFloats(dst []float32, src []byte) {
	le := binary.LittleEndian
	switch t {
	case F64:
		for i := range dst {
			dst[i] = float32(math.Float64frombits(le.Uint64(src[8*i:])))
		}
	case F32:
		for i := range dst {
			dst[i] = math.Float32frombits(le.Uint32(src[4*i:]))
		}
	case F16:
		for i := range dst {
			dst[i] = FromF16(le.Uint16(src[2*i:]))
		}
	case BF16:
		for i := range dst {
			dst[i] = math.Float32frombits(uint32(le.Uint16(src[2*i:])) << 16)
		}
	}
}

// FromF16 converts IEEE 754 half precision, given by its bits, to float32. The
// result is exact; a NaN keeps its payload.
func FromF16(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent := uint32(h>>10) & 0x1f
	fraction := uint32(h) & 0x3ff
	switch exponent {
	case 0: // zero or subnormal: fraction·2⁻²⁴, which float32 holds as a normal number
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)/(1<<24)))
	case 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent-15+127)<<23 | fraction<<13)
}

// DecodeInts converts the elements in src. The error names the first element
// that is not a value of its type or not an int64, counted from first.
func (t DType) DecodeInts(dst []int64, src []byte, first int) error {
	le := binary.LittleEndian
	for i := range dst {
		switch t {
		case I64:
			dst[i] = int64(le.Uint64(src[8*i:]))
		case U64:
			v := le.Uint64(src[8*i:])
			if v > math.MaxInt64 {
				return fmt.Errorf("element %d is %d, which is too large for int64", first+i, v)
			}
			dst[i] = int64(v)
		case I32:
			dst[i] = int64(int32(le.Uint32(src[4*i:])))
		case U32:
			dst[i] = int64(le.Uint32(src[4*i:]))
		case I16:
			dst[i] = int64(int16(le.Uint16(src[2*i:])))
		case U16:
			dst[i] = int64(le.Uint16(src[2*i:]))
		case I8:
			dst[i] = int64(int8(src[i]))
		case U8:
			dst[i] = int64(src[i])
		case Bool:
			if src[i] > 1 {
				return fmt.Errorf("element %d is %d, which is neither false (0) nor true (1)", first+i, src[i])
			}
			dst[i] = int64(src[i])
		}
	}
	return nil
}

// intRange returns the smallest and the largest value of an integer type, as
// far as int64 holds them.
func (t DType) intRange() (lo, hi int64) {
	switch t {
	case U64:
		return 0, math.MaxInt64
	case I32:
		return math.MinInt32, math.MaxInt32
	case U32:
		return 0, math.MaxUint32
	case I16:
		return math.MinInt16, math.MaxInt16
	case U16:
		return 0, math.MaxUint16
	case I8:
		return math.MinInt8, math.MaxInt8
	case U8:
		return 0, math.MaxUint8
	case Bool:
		return 0, 1
	}
	return math.MinInt64, math.MaxInt64
}

// encodeInts writes src to dst, which has room for it. The values are in range.
func (t DType) encodeInts(dst []byte, src []int64) {
	le := binary.LittleEndian
	for i, v := range src {
		switch t.Size() {
		case 8:
			le.PutUint64(dst[8*i:], uint64(v))
		case 4:
			le.PutUint32(dst[4*i:], uint32(v))
		case 2:
			le.PutUint16(dst[2*i:], uint16(v))
		case 1:
			dst[i] = byte(v)
		}
	}
}
