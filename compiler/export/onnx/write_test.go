package onnx

import (
	"bytes"
	"encoding/hex"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small has all that a file of a model can have.
func small() *Model {
	return &Model{IR: 8, Opsets: map[string]int64{"": 17, "ai.onnx.ml": 2}, Producer: "nnc", Version: "1", Name: "M", Doc: "d",
		Nodes: []Node{{Op: "Clip", Domain: "", Name: "y", Doc: "m.nn:2", In: []string{"x", "", "c"}, Out: []string{"y"}, Attrs: []Attr{
			{"a", int64(-1)}, {"b", float32(0.5)}, {"c", "t"}, {"d", []int64{0, 300}}, {"e", []float32{1}}, {"f", []string{"", "u"}}, {"g", Bools("", []int64{1}, true)},
		}}},
		Weights: []Tensor{Floats("c", nil, 2), Ints("i", []int64{2}, -1, 5), Strings("s", []int64{2}, "", "é"), Doubles("d", []int64{0})},
		Inputs:  []Port{{"x", Float, []int64{Rows, 3}, "three"}},
		Outputs: []Port{{"y", Float, []int64{Rows, 3}, ""}},
		Values:  []Port{{"z", Int64, nil, ""}},
		Meta:    [][2]string{{"k", "v"}},
	}
}

func bytesOf(t *testing.T, m *Model) []byte {
	var b bytes.Buffer
	n, err := m.WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	return b.Bytes()
}

// The bytes are those of onnx's own library, by testdata/small.py.
func TestBytesAreThoseOfPython(t *testing.T) {
	digits, err := os.ReadFile("testdata/small.hex")
	require.NoError(t, err)
	want := strings.Join(strings.Fields(string(digits)), "")
	assert.Equal(t, want, hex.EncodeToString(bytesOf(t, small())))
}

func TestLongPiecesAreNotCopied(t *testing.T) {
	m := small()
	long := Floats("long", []int64{1 << 12}, make([]float32, 1<<12)...)
	long.Raw[5] = 7
	m.Weights = append(m.Weights, long)
	b := bytesOf(t, m)
	assert.True(t, bytes.Contains(b, long.Raw))
	assert.Greater(t, len(m.message().parts), 1)
}

func TestFileTooLarge(t *testing.T) {
	if math.MaxInt == math.MaxInt32 {
		t.Skip("there are no such slices")
	}
	raw := make([]byte, 1<<30) // never touched, so no memory is taken
	m := &Model{Weights: []Tensor{{Name: "a", Type: Uint8, Raw: raw}, {Name: "b", Type: Uint8, Raw: raw}}}
	n, err := m.WriteTo(nil)
	assert.Zero(t, n)
	assert.EqualError(t, err, "the file would take 2147483690 bytes, and an ONNX file has at most 2147483647 (2 GiB): keep the model in safetensors, and run it by nnc or PyTorch")
}

func TestTextForm(t *testing.T) {
	assert.Equal(t, `model M ir=8 opset=17 ai.onnx.ml=2
  input x float[rows, 3]
  tensor c float[] [2]
  tensor i int64[2] [-1 5]
  tensor s string[2] ["" "é"]
  tensor d double[0]
  y float[rows, 3] = Clip a=-1 b=0.5 c="t" d=[0,300] e=[1] f=["" "u"] g=bool[1] [1](x, , c) m.nn:2
  output y float[rows, 3]
`, small().String())
}
