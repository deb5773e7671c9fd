package nnrt

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// tensors is the parameters and buffers of a small model, and their memory.
type tensors struct {
	params  []Param
	buffers []Tensor
	memory  [][]float32
	steps   []int64
}

func model() tensors {
	memory, steps := [][]float32{count(6), count(2), count(1), count(2)}, []int64{1 << 40}
	params := []Param{
		NewParam("linear1.weight", memory[0], nil, Panels, 2, 3),
		NewParam("linear1.bias", memory[1], nil, RowMajor, 2),
		NewParam("scale", memory[2], nil, RowMajor),
	}
	buffers := []Tensor{
		NewTensor("norm1.running_mean", memory[3], RowMajor, 2),
		NewIntTensor("norm1.num_batches_tracked", steps),
	}
	return tensors{params, buffers, memory, steps}
}

// file returns the content of the weight file of another such model, all of whose elements are negative.
func file(t *testing.T, change func(f *weights.File)) []byte {
	m := model()
	for _, x := range m.memory {
		for i := range x {
			x[i] = -x[i]
		}
	}
	m.steps[0] = 77
	f := &weights.File{Tensors: Tensors(m.params, m.buffers)}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	require.NoError(t, weights.WriteTo(&b, f))
	return b.Bytes()
}

func TestTensorsAreInPyTorchsOrderAndCopies(t *testing.T) {
	m := model()
	copies := Tensors(m.params, m.buffers)
	assert.Equal(t, []weights.Tensor{
		{Name: "linear1.weight", DType: weights.F32, Shape: []int{2, 3}, F32: []float32{1, 3, 5, 2, 4, 6}},
		{Name: "linear1.bias", DType: weights.F32, Shape: []int{2}, F32: []float32{1, 2}},
		{Name: "scale", DType: weights.F32, Shape: nil, F32: []float32{1}},
		{Name: "norm1.running_mean", DType: weights.F32, Shape: []int{2}, F32: []float32{1, 2}},
		{Name: "norm1.num_batches_tracked", DType: weights.I64, Shape: nil, I64: []int64{1 << 40}},
	}, copies)
	copies[1].F32[0], copies[4].I64[0] = 9, 9
	assert.Equal(t, model(), m)
}

func TestWeightsSurviveAFile(t *testing.T) {
	odd := []float32{float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, math.MaxFloat32,
		float32(math.Inf(-1)), math.Float32frombits(0x7fc00123), 1.0 / 3}
	through := map[string]func(t *testing.T, from, to tensors){
		"memory": func(t *testing.T, from, to tensors) {
			var b bytes.Buffer
			require.NoError(t, SaveTo("House.SaveTo", &b, nil, from.params, from.buffers))
			require.NoError(t, LoadFrom("House.LoadFrom", &b, new(map[string]string), to.params, to.buffers))
		},
		"disk": func(t *testing.T, from, to tensors) {
			path := filepath.Join(t.TempDir(), "w.safetensors")
			require.NoError(t, Save("House.Save", path, nil, from.params, from.buffers))
			require.NoError(t, Save("House.Save", path, nil, from.params, from.buffers), "over the old file")
			require.NoError(t, Load("House.Load", path, new(map[string]string), to.params, to.buffers))
		},
	}
	for name, by := range through {
		t.Run(name, func(t *testing.T) {
			from, to := model(), model()
			copy(from.memory[0], odd)
			from.memory[3][1], from.steps[0] = 1.0/3, math.MaxInt64
			by(t, from, to)
			for i, source := range from.memory {
				for k := range source {
					assert.Equal(t, math.Float32bits(source[k]), math.Float32bits(to.memory[i][k]), "array %d, element %d", i, k)
				}
			}
			assert.Equal(t, from.steps, to.steps)
		})
	}
}

// What a file says beside its tensors comes back, and is written again.
func TestMetadataSurvivesAFile(t *testing.T) {
	m, metadata := model(), map[string]string(nil)
	var b, again bytes.Buffer
	require.NoError(t, SaveTo("House.SaveTo", &b, map[string]string{"nnc.codec": "{}"}, m.params, m.buffers))
	content := bytes.Clone(b.Bytes())
	require.NoError(t, LoadFrom("House.LoadFrom", &b, &metadata, m.params, m.buffers))
	assert.Equal(t, map[string]string{"nnc.codec": "{}"}, metadata)
	require.NoError(t, SaveTo("House.SaveTo", &again, metadata, m.params, m.buffers))
	assert.Equal(t, content, again.Bytes())
	require.NoError(t, LoadFrom("House.LoadFrom", bytes.NewReader(file(t, nil)), &metadata, m.params, m.buffers))
	assert.Empty(t, metadata)
}

// The layout in memory is the compiler's business: a file from one fits the other.
func TestFilesDoNotKnowLayouts(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, SaveTo("House.SaveTo", &b, nil, []Param{NewParam("w", []float32{1, 4, 2, 5, 3, 6}, nil, Panels, 2, 3)}, nil))
	plain := make([]float32, 6)
	require.NoError(t, LoadFrom("House.LoadFrom", &b, new(map[string]string), []Param{NewParam("w", plain, nil, RowMajor, 2, 3)}, nil))
	assert.Equal(t, count(6), plain)
}

// Whatever is wrong with a file, nothing has changed.
func TestLoadingAWrongFileChangesNothing(t *testing.T) {
	whole := file(t, nil)
	for _, c := range []struct {
		name, want string
		content    []byte
	}{
		{"missing", `missing in the file:\s+"scale" \[\]`, file(t, func(f *weights.File) { f.Tensors = slices.Delete(f.Tensors, 2, 3) })},
		{"the first missing", `missing in the file:\s+"linear1.weight" \[2, 3\]`, file(t, func(f *weights.File) { f.Tensors = f.Tensors[1:] })},
		{"misshapen", `"linear1.bias": the file has \[1, 2\], the model wants \[2\]`, file(t, func(f *weights.File) { f.Tensors[1].Shape = []int{1, 2} })},
		{"transposed", `"linear1.weight": the file has \[3, 2\], the model wants \[2, 3\]`, file(t, func(f *weights.File) { f.Tensors[0].Shape = []int{3, 2} })},
		{"too long", `"scale": the file has \[2\], the model wants \[\]`, file(t, func(f *weights.File) { f.Tensors[2].Shape, f.Tensors[2].F32 = []int{2}, count(2) })},
		{"a buffer missing", `missing in the file:\s+"norm1.running_mean" \[2\]`, file(t, func(f *weights.File) { f.Tensors = slices.Delete(f.Tensors, 3, 4) })},
		{"a counter of numbers", `"norm1.num_batches_tracked": the file has F32, the model wants integers`, file(t, func(f *weights.File) {
			f.Tensors[4] = weights.Tensor{Name: "norm1.num_batches_tracked", DType: weights.F32, F32: count(1)}
		})},
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
			path, metadata := filepath.Join(t.TempDir(), "w.safetensors"), map[string]string{"kept": "so"}
			require.NoError(t, os.WriteFile(path, c.content, 0o644))
			for name, load := range map[string]func(m tensors) error{
				"LoadFrom": func(m tensors) error {
					return LoadFrom("House.LoadFrom", bytes.NewReader(c.content), &metadata, m.params, m.buffers)
				},
				"Load": func(m tensors) error { return Load("House.Load", path, &metadata, m.params, m.buffers) },
			} {
				m := model()
				err := load(m)
				require.Error(t, err, name)
				assert.True(t, strings.HasPrefix(err.Error(), "House."+name+": "), err)
				assert.Equal(t, map[string]string{"kept": "so"}, metadata)
				assert.Regexp(t, c.want, err.Error())
				if name == "Load" {
					assert.Contains(t, err.Error(), path)
				}
				assert.Equal(t, model(), m, name)
			}
		})
	}
	m := model()
	err := Load("House.Load", filepath.Join(t.TempDir(), "absent"), new(map[string]string), m.params, m.buffers)
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.True(t, strings.HasPrefix(err.Error(), "House.Load: open "), err)
	require.NoError(t, LoadFrom("House.LoadFrom", bytes.NewReader(whole), new(map[string]string), m.params, m.buffers), "the whole file is right")
	assert.Equal(t, []float32{-1, -2}, m.memory[1])
	assert.Equal(t, []int64{77}, m.steps)
}

// PyTorch's files had no count of batches once, and no prediction depends on it.
func TestACounterThatIsMissingBecomesZero(t *testing.T) {
	m := model()
	require.NoError(t, LoadFrom("House.LoadFrom", bytes.NewReader(file(t, func(f *weights.File) { f.Tensors = f.Tensors[:4] })), new(map[string]string), m.params, m.buffers))
	assert.Equal(t, []float32{-1, -2}, m.memory[3])
	assert.Equal(t, []int64{0}, m.steps)
}

// Files of PyTorch may have a parameter by the name that it has in another layer, or packed with others.
func TestParametersAreFoundByPyTorchsNames(t *testing.T) {
	memory := [][]float32{make([]float32, 6), make([]float32, 4), make([]float32, 2), make([]float32, 2)}
	params := []Param{
		NewParam("embedding1.weight", memory[0], nil, RowMajor, 3, 2).Shared("linear1.weight", "linear2.weight"),
		NewParam("a.query.weight", memory[1], nil, Panels, 2, 2).Packed("a.in_proj_weight"),
		NewParam("a.key.weight", memory[2], nil, RowMajor, 1, 2).Packed("a.in_proj_weight"),
		NewParam("a.value.weight", memory[3], nil, RowMajor, 1, 2).Packed("a.in_proj_weight"),
	}
	var b bytes.Buffer
	require.NoError(t, weights.WriteTo(&b, &weights.File{Tensors: []weights.Tensor{
		{Name: "linear2.weight", DType: weights.F32, Shape: []int{3, 2}, F32: count(6)},
		{Name: "a.in_proj_weight", DType: weights.F32, Shape: []int{4, 2}, F32: count(8)},
	}}))
	require.NoError(t, LoadFrom("House.LoadFrom", &b, new(map[string]string), params, nil))
	assert.Equal(t, [][]float32{{1, 2, 3, 4, 5, 6}, {1, 3, 2, 4}, {5, 6}, {7, 8}}, memory, "the second lies in panels")

	b.Reset()
	require.NoError(t, SaveTo("House.SaveTo", &b, nil, params, nil))
	f, err := weights.ReadFrom(&b)
	require.NoError(t, err)
	require.Len(t, f.Tensors, 4)
	for i, name := range []string{"embedding1.weight", "a.query.weight", "a.key.weight", "a.value.weight"} {
		assert.Equal(t, name, f.Tensors[i].Name)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSavingReportsErrors(t *testing.T) {
	m := model()
	assert.ErrorIs(t, SaveTo("House.SaveTo", full{}, nil, m.params, m.buffers), io.ErrShortWrite)
	path := filepath.Join(t.TempDir(), "no", "such", "folder")
	assert.ErrorContains(t, Save("House.Save", path, nil, m.params, m.buffers), "House.Save: cannot write "+path)
}
