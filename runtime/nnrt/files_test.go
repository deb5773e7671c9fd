package nnrt

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// model returns the parameters of a small model, and their memory.
func model() (params []Param, memory [][]float32) {
	memory = [][]float32{count(6), count(2), count(1)}
	return []Param{
		NewParam("linear1.weight", memory[0], nil, Panels, 2, 3),
		NewParam("linear1.bias", memory[1], nil, RowMajor, 2),
		NewParam("scale", memory[2], nil, RowMajor),
	}, memory
}

// file returns the content of the weight file of another such model, all of whose elements are negative.
func file(t *testing.T, change func(f *weights.File)) []byte {
	params, memory := model()
	for _, m := range memory {
		for i := range m {
			m[i] = -m[i]
		}
	}
	f := &weights.File{Tensors: Tensors(params)}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	require.NoError(t, weights.WriteTo(&b, f))
	return b.Bytes()
}

func TestTensorsAreInPyTorchsOrderAndCopies(t *testing.T) {
	params, memory := model()
	tensors := Tensors(params)
	assert.Equal(t, []weights.Tensor{
		{Name: "linear1.weight", DType: weights.F32, Shape: []int{2, 3}, F32: []float32{1, 3, 5, 2, 4, 6}},
		{Name: "linear1.bias", DType: weights.F32, Shape: []int{2}, F32: []float32{1, 2}},
		{Name: "scale", DType: weights.F32, Shape: nil, F32: []float32{1}},
	}, tensors)
	tensors[1].F32[0] = 9
	assert.Equal(t, count(2), memory[1])
}

func TestWeightsSurviveAFile(t *testing.T) {
	odd := []float32{float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, math.MaxFloat32,
		float32(math.Inf(-1)), math.Float32frombits(0x7fc00123), 1.0 / 3}
	through := map[string]func(t *testing.T, from, to []Param){
		"memory": func(t *testing.T, from, to []Param) {
			var b bytes.Buffer
			require.NoError(t, SaveTo(&b, from))
			require.NoError(t, LoadFrom(&b, to))
		},
		"disk": func(t *testing.T, from, to []Param) {
			path := filepath.Join(t.TempDir(), "w.safetensors")
			require.NoError(t, Save(path, from))
			require.NoError(t, Save(path, from), "over the old file")
			require.NoError(t, Load(path, to))
		},
	}
	for name, by := range through {
		t.Run(name, func(t *testing.T) {
			from, source := model()
			copy(source[0], odd)
			to, target := model()
			by(t, from, to)
			for i := range source {
				for k := range source[i] {
					assert.Equal(t, math.Float32bits(source[i][k]), math.Float32bits(target[i][k]), "%s[%d]", from[i].Name, k)
				}
			}
		})
	}
}

// The layout in memory is the compiler's business: a file from one fits the other.
func TestFilesDoNotKnowLayouts(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, SaveTo(&b, []Param{NewParam("w", []float32{1, 4, 2, 5, 3, 6}, nil, Panels, 2, 3)}))
	plain := make([]float32, 6)
	require.NoError(t, LoadFrom(&b, []Param{NewParam("w", plain, nil, RowMajor, 2, 3)}))
	assert.Equal(t, count(6), plain)
}

// Whatever is wrong with a file, nothing has changed.
func TestLoadingAWrongFileChangesNothing(t *testing.T) {
	whole := file(t, nil)
	for _, c := range []struct {
		name, want string
		content    []byte
	}{
		{"missing", `missing in the file:\s+"scale" \[\]`, file(t, func(f *weights.File) { f.Tensors = f.Tensors[:2] })},
		{"the first missing", `missing in the file:\s+"linear1.weight" \[2, 3\]`, file(t, func(f *weights.File) { f.Tensors = f.Tensors[1:] })},
		{"misshapen", `"linear1.bias": the file has \[1, 2\], the model wants \[2\]`, file(t, func(f *weights.File) { f.Tensors[1].Shape = []int{1, 2} })},
		{"transposed", `"linear1.weight": the file has \[3, 2\], the model wants \[2, 3\]`, file(t, func(f *weights.File) { f.Tensors[0].Shape = []int{3, 2} })},
		{"too long", `"scale": the file has \[2\], the model wants \[\]`, file(t, func(f *weights.File) { f.Tensors[2].Shape, f.Tensors[2].F32 = []int{2}, count(2) })},
		{"integers", `"scale": the file has I64, the model wants floating-point numbers`, file(t, func(f *weights.File) {
			f.Tensors[2] = weights.Tensor{Name: "scale", DType: weights.I64, I64: []int64{3}}
		})},
		{"unexpected", `not in the model:\s+"linear2.weight" \[1\]`, file(t, func(f *weights.File) {
			f.Tensors = append(f.Tensors, weights.Tensor{Name: "linear2.weight", DType: weights.F32, Shape: []int{1}, F32: count(1)})
		})},
		{"truncated", "", whole[:len(whole)-1]},
		{"its header truncated", "", whole[:20]},
		{"too much", "", append(whole[:len(whole):len(whole)], 0)},
		{"empty", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "w.safetensors")
			require.NoError(t, os.WriteFile(path, c.content, 0o644))
			for name, load := range map[string]func([]Param) error{
				"LoadFrom": func(p []Param) error { return LoadFrom(bytes.NewReader(c.content), p) },
				"Load":     func(p []Param) error { return Load(path, p) },
			} {
				params, memory := model()
				err := load(params)
				require.Error(t, err, name)
				assert.Regexp(t, c.want, err.Error())
				if name == "Load" {
					assert.Contains(t, err.Error(), path)
				}
				assert.Equal(t, [][]float32{count(6), count(2), count(1)}, memory, name)
			}
		})
	}
	params, memory := model()
	assert.ErrorIs(t, Load(filepath.Join(t.TempDir(), "absent"), params), os.ErrNotExist)
	require.NoError(t, LoadFrom(bytes.NewReader(whole), params), "the whole file is right")
	assert.Equal(t, []float32{-1, -2}, memory[1])
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSavingReportsErrors(t *testing.T) {
	params, _ := model()
	assert.ErrorIs(t, SaveTo(full{}, params), io.ErrShortWrite)
	path := filepath.Join(t.TempDir(), "no", "such", "folder")
	assert.Error(t, Save(path, params))
}
