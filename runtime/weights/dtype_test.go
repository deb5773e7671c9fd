package weights

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every half-precision number against IEEE 754's definition:
// (−1)ˢ·2^(e−15)·(1+f/2¹⁰), and (−1)ˢ·2⁻¹⁴·f/2¹⁰ where e is 0.
func TestFromF16(t *testing.T) {
	for h := range 1 << 16 {
		got := float64(FromF16(uint16(h)))
		sign, e, f := 1-2*(h>>15), h>>10&0x1f, h&0x3ff
		var ok bool
		switch {
		case e == 0x1f && f != 0:
			ok = math.IsNaN(got)
		case e == 0x1f:
			ok = math.IsInf(got, sign)
		case e == 0:
			ok = got == math.Ldexp(float64(sign*f), -24)
		default:
			ok = got == math.Ldexp(float64(sign*(1024+f)), e-25)
		}
		require.True(t, ok && math.Signbit(got) == (sign < 0), "%#04x gave %v", h, got)
	}
}

// Every bfloat16 number against its definition, a float32 with 7 bits of fraction: (−1)ˢ·2^(e−127)·(1+f/2⁷), and
// (−1)ˢ·2⁻¹²⁶·f/2⁷ where e is 0.
func TestBF16(t *testing.T) {
	for h := range 1 << 16 {
		var decoded [1]float32
		BF16.DecodeFloats(decoded[:], []byte{byte(h), byte(h >> 8)})
		got := float64(decoded[0])
		sign, e, f := 1-2*(h>>15), h>>7&0xff, h&0x7f
		var ok bool
		switch {
		case e == 0xff && f != 0:
			ok = math.IsNaN(got)
		case e == 0xff:
			ok = math.IsInf(got, sign)
		case e == 0:
			ok = got == math.Ldexp(float64(sign*f), -133)
		default:
			ok = got == math.Ldexp(float64(sign*(128+f)), e-134)
		}
		require.True(t, ok && math.Signbit(got) == (sign < 0), "%#04x gave %v", h, got)
	}
}

// Every type as PyTorch stores it, the floats against PyTorch's own conversion.
func TestTypesAgainstPyTorch(t *testing.T) {
	f, err := Read("testdata/types.safetensors")
	require.NoError(t, err)
	for _, name := range []string{"f16", "bf16", "f64"} {
		x, ok := f.Tensor(name)
		require.True(t, ok)
		bits, ok := f.Tensor(name + ".bits")
		require.True(t, ok)
		require.Len(t, x.F32, len(bits.I64))
		for i, want := range bits.I64 {
			if want := math.Float32frombits(uint32(want)); want != want {
				assert.True(t, x.F32[i] != x.F32[i], "%s[%d]", name, i) // PyTorch changes the payload
				continue
			}
			assert.Equal(t, uint32(want), math.Float32bits(x.F32[i]), "%s[%d]", name, i)
		}
	}
	for name, want := range map[string][]int64{
		"i64":  {math.MinInt64, math.MaxInt64},
		"i32":  {math.MinInt32, math.MaxInt32},
		"i16":  {math.MinInt16, math.MaxInt16},
		"i8":   {math.MinInt8, math.MaxInt8},
		"u64":  {0, math.MaxInt64},
		"u32":  {0, math.MaxUint32},
		"u16":  {0, math.MaxUint16},
		"u8":   {0, math.MaxUint8},
		"bool": {0, 1},
	} {
		x, ok := f.Tensor(name)
		require.True(t, ok)
		assert.Equal(t, want, x.I64, name)
		assert.Nil(t, x.F32, name)
		lo, hi := x.DType.intRange()
		assert.Equal(t, want, []int64{lo, hi}, name)
	}
	x, _ := f.Tensor("f32")
	assert.True(t, math.IsNaN(float64(x.F32[9])))
	assert.Equal(t, float32(65504), x.F32[6])
	empty, _ := f.Tensor("empty")
	assert.Equal(t, []int{0, 3}, empty.Shape)
	assert.NotNil(t, empty.F32)
}

// Ties around float64 → float32, against exact rational arithmetic.
func TestF64RoundsToNearestEven(t *testing.T) {
	values := []float64{1 + 0x1p-24, 1 + 0x3p-24, 1 + 0x1p-24 + 0x1p-50, 0x1p-149, 0x1p-150, 0x3p-150, 0x1.fffffefffffffp127, math.Pi, -math.E}
	for _, v := range values {
		src := make([]byte, 8)
		I64.encodeInts(src, []int64{int64(math.Float64bits(v))})
		var got [1]float32
		F64.DecodeFloats(got[:], src)
		want, _ := new(big.Rat).SetFloat64(v).Float32()
		assert.Equal(t, want, got[0], "%x", v)
	}
}
