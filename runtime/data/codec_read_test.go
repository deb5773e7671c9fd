package data

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// A codec is read from a weight file's content as from the file.
func TestReadCodec(t *testing.T) {
	codec := NewCodec(ScaleStandard, Writing{Decimal: ","}, []Column{{Name: "a", Kind: KindNumber, Mean: 1, Deviation: 2, Signed: true}}, nil, nil,
		[]Target{{Name: "y", Judged: Judged{Loss: "mse"}, Columns: []Column{{Name: "t", Kind: KindNumber, Mean: 1.7e9, Deviation: 1000}}}})
	text, err := codec.Text()
	require.NoError(t, err)
	var content bytes.Buffer
	require.NoError(t, weights.WriteTo(&content, &weights.File{
		Tensors: []weights.Tensor{{Name: "w", Shape: []int{1}, DType: weights.F32, F32: []float32{1}}}, Meta: map[string]string{CodecKey: text},
	}))
	read, err := ReadCodec(&content)
	require.NoError(t, err)
	again, err := read.Text()
	require.NoError(t, err)
	assert.Equal(t, text, again)
	x := make([]float32, 1)
	require.NoError(t, read.Encode(x, []string{"5,5 €"}))
	assert.Equal(t, float32(2.25), x[0])
	y := make([]float64, 1)
	require.NoError(t, read.Decode64(y, []float32{0.123}))
	assert.Equal(t, 1700000123.0, y[0])

	content.Reset()
	require.NoError(t, weights.WriteTo(&content, &weights.File{}))
	_, err = ReadCodec(&content)
	assert.ErrorIs(t, err, ErrNoCodec)
	_, err = ReadCodec(strings.NewReader("no weight file"))
	assert.Error(t, err)
}
