package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/written.safetensors")

// written has all that is awkward: tensors out of order by size, names and
// metadata that need escapes. testdata/make.py checks that PyTorch reads it.
func written() *File {
	return &File{
		Meta: map[string]string{"b": "2", "a": "<1> \u2028"},
		Tensors: []Tensor{
			{Name: "mask", DType: Bool, Shape: []int{3}, I64: []int64{1, 0, 1}},
			{Name: "a.weight", DType: F32, Shape: []int{2, 3}, F32: []float32{1, 2, 3, 4, 5, 6}},
			{Name: "a.bias", DType: F32, Shape: []int{1}, F32: []float32{0.5}},
			{Name: "odd \"name\"\n\u2028é", DType: I8, Shape: []int{2}, I64: []int64{-1, 1}},
			{Name: "empty", DType: F32, Shape: []int{0, 2}},
			{Name: "norm.num_batches_tracked", DType: I64, I64: []int64{3}},
		},
	}
}

func TestWriteGolden(t *testing.T) {
	const golden = "testdata/written.safetensors"
	var got bytes.Buffer
	require.NoError(t, WriteTo(&got, written()))
	if *update {
		require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o666))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, want, got.Bytes())
}

// For tensors in its order, the bytes are those of the reference
// implementation.
func TestWriteEqualsPython(t *testing.T) {
	want, err := os.ReadFile("testdata/small.safetensors")
	require.NoError(t, err)
	f, err := ReadFrom(bytes.NewReader(want))
	require.NoError(t, err)
	var got bytes.Buffer
	require.NoError(t, WriteTo(&got, f))
	assert.Equal(t, want, got.Bytes())
}

func TestWriteAligns(t *testing.T) {
	for n := range 9 {
		f := &File{Tensors: []Tensor{{Name: string(make([]byte, n)), DType: U8, I64: []int64{1}}}}
		var b bytes.Buffer
		require.NoError(t, WriteTo(&b, f))
		assert.Zero(t, binary.LittleEndian.Uint64(b.Bytes())%8)
	}
	f, err := ReadFrom(bytes.NewReader(mustWrite(t, written())))
	require.NoError(t, err)
	offset, names := 0, []string{}
	for _, x := range f.Tensors {
		assert.Zero(t, offset%x.DType.Size(), x.Name)
		offset += (len(x.F32) + len(x.I64)) * x.DType.Size()
		names = append(names, x.Name)
	}
	assert.Equal(t, []string{"norm.num_batches_tracked", "a.weight", "a.bias", "empty", "mask", "odd \"name\"\n\u2028é"}, names)
}

func mustWrite(t *testing.T, f *File) []byte {
	var b bytes.Buffer
	require.NoError(t, WriteTo(&b, f))
	return b.Bytes()
}

func TestWriteReadTypes(t *testing.T) {
	want, err := Read("testdata/types.safetensors")
	require.NoError(t, err)
	for i := range want.Tensors {
		if want.Tensors[i].DType.Float() {
			want.Tensors[i].DType = F32
		}
	}
	first, err := ReadFrom(bytes.NewReader(mustWrite(t, want)))
	require.NoError(t, err)
	for _, x := range want.Tensors {
		y, ok := first.Tensor(x.Name)
		require.True(t, ok)
		equalTensors(t, x, *y)
	}
	second, err := ReadFrom(bytes.NewReader(mustWrite(t, first)))
	require.NoError(t, err)
	equalFiles(t, first, second)
}

func TestWriteRefuses(t *testing.T) {
	one := []float32{1}
	for name, c := range map[string]struct {
		file File
		want string
	}{
		"shape":           {File{Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{2, 3}, F32: one}}}, `tensor "x": the shape [2, 3] has 6 elements, there are 1`},
		"negative":        {File{Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{-1}, F32: one}}}, "negative size"},
		"overflow":        {File{Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{math.MaxInt, 2}}}}, "more elements than memory"},
		"rank":            {File{Tensors: []Tensor{{Name: "x", DType: F32, Shape: make([]int, 65)}}}, "65 axes"},
		"no type":         {File{Tensors: []Tensor{{Name: "x", F32: one}}}, "no element type"},
		"half":            {File{Tensors: []Tensor{{Name: "x", DType: F16, F32: one}}}, "read only"},
		"floats in ints":  {File{Tensors: []Tensor{{Name: "x", DType: I64, F32: one}}}, "the wrong one"},
		"ints in floats":  {File{Tensors: []Tensor{{Name: "x", DType: F32, I64: []int64{1}}}}, "the wrong one"},
		"both":            {File{Tensors: []Tensor{{Name: "x", DType: F32, F32: one, I64: []int64{1}}}}, "the wrong one"},
		"too large":       {File{Tensors: []Tensor{{Name: "x", DType: U8, I64: []int64{256}}}}, "element 0 is 256, which U8 cannot hold"},
		"too small":       {File{Tensors: []Tensor{{Name: "x", DType: U64, I64: []int64{-1}}}}, "element 0 is -1, which U64 cannot hold"},
		"twice":           {File{Tensors: []Tensor{{Name: "x", DType: F32, F32: one}, {Name: "x", DType: F32, F32: one}}}, "the name is taken"},
		"metadata's name": {File{Tensors: []Tensor{{Name: "__metadata__", DType: F32, F32: one}}}, "the name is taken"},
		"name not UTF-8":  {File{Tensors: []Tensor{{Name: "\xff", DType: F32, F32: one}}}, "not valid UTF-8"},
		"meta key":        {File{Meta: map[string]string{"\xff": ""}}, "not valid UTF-8"},
		"meta value":      {File{Meta: map[string]string{"k": "\xff"}}, `metadata "k": not valid UTF-8`},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.ErrorContains(t, WriteTo(&b, &c.file), c.want)
			assert.Zero(t, b.Len(), "nothing is written")

			path := filepath.Join(t.TempDir(), "w.safetensors")
			require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
			err := Write(path, &c.file)
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, path)
			onlyFile(t, path, "old")
		})
	}
}

func TestWriteRefusesLongHeader(t *testing.T) {
	var b bytes.Buffer
	err := WriteTo(&b, &File{Meta: map[string]string{"k": strings.Repeat("x", maxHeader)}})
	require.ErrorContains(t, err, "the header takes more than the 100000000 bytes that readers accept")
	assert.Zero(t, b.Len())
}

// A writer's error comes back, wherever it strikes.
func TestWriteToFails(t *testing.T) {
	broken := errors.New("disk full")
	whole := len(mustWrite(t, written()))
	for room := range whole {
		err := WriteTo(&limitedWriter{room, broken}, written())
		require.ErrorIs(t, err, broken, "%d bytes", room)
	}
	require.NoError(t, WriteTo(&limitedWriter{whole, broken}, written()))
}

// limitedWriter takes room bytes, then fails.
type limitedWriter struct {
	room int
	err  error
}

func (w *limitedWriter) Write(b []byte) (int, error) {
	if len(b) > w.room {
		n := w.room
		w.room = 0
		return n, w.err
	}
	w.room -= len(b)
	return len(b), nil
}

var _ io.Writer = (*limitedWriter)(nil)
