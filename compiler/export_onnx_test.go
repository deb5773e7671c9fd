package compiler_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// specOf is the spec of a golden file.
func specOf(t testing.TB, name string) []byte {
	golden, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	require.NoError(t, err)
	return golden.Files[0].Data
}

// unfilled are weights of a spec without their elements, which are enough to look at a model.
func unfilled(t testing.TB, name string, spec []byte) *weights.File {
	out, list, err := compiler.Compile(name, spec, compiler.Options{Package: "p", Program: true})
	require.NoError(t, err)
	require.False(t, list.HasErrors())
	f := &weights.File{Meta: map[string]string{}}
	for _, tensor := range out.Tensors {
		w := weights.Tensor{Name: tensor.Name, Shape: tensor.Shape, DType: weights.F32}
		if tensor.Integers {
			w.DType, w.I64 = weights.I64, []int64{7}
		}
		f.Tensors = append(f.Tensors, w)
	}
	return f
}

// The operators and the shapes of the ten specs, as text. That they compute what the model does is for other engines to say.
func TestONNXGolden(t *testing.T) {
	for _, name := range tenSpecs {
		spec := specOf(t, name)
		model, list, err := compiler.ONNX(name+".nn", spec, unfilled(t, name+".nn", spec), compiler.ONNXOptions{}, compiler.Options{Verify: true})
		require.NoError(t, err, name)
		require.Empty(t, list)
		path := filepath.Join("testdata", "onnx", name+".txt")
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(fmt.Sprint(model)), 0o644))
			continue
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), fmt.Sprint(model), name)
	}
}

func TestONNXOpset(t *testing.T) {
	spec := []byte("input x[4]\nlinear 2\n")
	for opset, message := range map[int]string{16: "opset 16: there are 17 to 23", 24: "opset 24: there are 17 to 23"} {
		_, _, err := compiler.ONNX("m.nn", spec, unfilled(t, "m.nn", spec), compiler.ONNXOptions{Opset: opset}, compiler.Options{})
		assert.EqualError(t, err, message)
	}
	model, _, err := compiler.ONNX("m.nn", spec, unfilled(t, "m.nn", spec), compiler.ONNXOptions{Opset: 21}, compiler.Options{})
	require.NoError(t, err)
	assert.Contains(t, fmt.Sprint(model), "model M ir=10 opset=21\n")
}

// filled gives weights elements that are all different.
func filled(f *weights.File) *weights.File {
	next := float32(0.5)
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if !t.DType.Float() {
			continue
		}
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		t.F32 = make([]float32, n)
		for k := range t.F32 {
			next++
			t.F32[k] = next
		}
	}
	f.Meta["format"], f.Meta["nnc.spec"+"s"] = "pt", "\u2028<é>"
	return f
}

// Every spec of the goldens comes back from its ONNX file as it was, and so do its weights.
func TestONNXComesBack(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	tried := 0
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		spec := specOf(t, name)
		list, err := compiler.Check(name+".nn", spec, compiler.Options{})
		require.NoError(t, err)
		if list.HasErrors() {
			continue
		}
		w := unfilled(t, name+".nn", spec)
		if size(w) > 1<<20 {
			continue
		}
		tried++
		filled(w)
		model, _, err := compiler.ONNX(name+".nn", spec, w, compiler.ONNXOptions{}, compiler.Options{})
		require.NoError(t, err, name)
		assert.Contains(t, fmt.Sprint(model), " ir=8 opset=17\n", name)
		var file bytes.Buffer
		_, err = model.WriteTo(&file)
		require.NoError(t, err)
		require.True(t, compiler.IsONNX(file.Bytes()))
		back, err := compiler.ReadONNX(file.Bytes())
		require.NoError(t, err, name)
		assert.Equal(t, name+".nn", back.Name)
		assert.Equal(t, string(spec), string(back.Spec), name)
		assert.Equal(t, w.Meta, back.Weights.Meta)
		assert.Equal(t, written(t, w), written(t, back.Weights), name)
	}
	assert.GreaterOrEqual(t, tried, 30)
}

// size is the number of elements of weights.
func size(f *weights.File) (size int) {
	for _, t := range f.Tensors {
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		size += n
	}
	return size
}

func written(t *testing.T, f *weights.File) string {
	var b strings.Builder
	require.NoError(t, weights.WriteTo(&b, f))
	return b.String()
}

func TestReadONNXRefuses(t *testing.T) {
	spec := []byte("input x[4]\nbatchnorm\nlinear 2\n")
	change := func(change func(w *weights.File, b []byte) []byte) error {
		w := filled(unfilled(t, "m.nn", spec))
		model, _, err := compiler.ONNX("m.nn", spec, w, compiler.ONNXOptions{}, compiler.Options{})
		require.NoError(t, err)
		var file bytes.Buffer
		_, err = model.WriteTo(&file)
		require.NoError(t, err)
		_, err = compiler.ReadONNX(change(w, file.Bytes()))
		return err
	}
	swap := func(old, new string) error {
		return change(func(_ *weights.File, b []byte) []byte {
			require.Equal(t, len(old), len(new))
			require.True(t, bytes.Contains(b, []byte(old)), old)
			return bytes.ReplaceAll(b, []byte(old), []byte(new))
		})
	}
	require.NoError(t, swap("linear1.weight", "linear9.weight"), "all at once is a renaming")
	require.ErrorIs(t, swap("\x08nnc.spec", "\x08nnc.none"), compiler.ErrForeign)
	assert.ErrorContains(t, swap(`{"tensors":`, `{"tensors";`), `its list of weights, "nnc.weights", is damaged: `)
	assert.ErrorContains(t, swap(`"linear1.bias"`, `"linear9.bias"`), `the weight "linear9.bias" is missing: another program may have changed the file`)
	assert.ErrorContains(t, swap(`"linear1.weight","linear1.bias"`, `"linear1.bias"  ,"linear1.bias"`), `has "linear1.bias" twice: another program may have changed the file`)
	assert.ErrorContains(t, swap(`"format"`, `"former"`), `the metadata "former" are missing`)
	assert.ErrorContains(t, swap("nnc.unread", "nnc.unripe"), `the weight "batchnorm1.num_batches_tracked" is missing`)
	assert.ErrorContains(t, change(func(_ *weights.File, b []byte) []byte { return b[:len(b)-3] }), "the file is truncated, damaged, or not an ONNX file")
}

func TestONNXMetadataClash(t *testing.T) {
	spec := []byte("input x[4]\nlinear 2\n")
	w := filled(unfilled(t, "m.nn", spec))
	w.Meta["nnc.spec"] = "another"
	_, _, err := compiler.ONNX("m.nn", spec, w, compiler.ONNXOptions{}, compiler.Options{})
	assert.EqualError(t, err, `the weights have metadata under "nnc.spec", where the ONNX file has its own`)
}

// What is read has the elements that its shapes say.
func FuzzReadONNX(f *testing.F) {
	for _, spec := range []string{"input x[4]\nbatchnorm\nlinear 2\n", "input t[3] of 5\nwords: embedding 2\nlinear 5 bias=false tied=words\n"} {
		model, _, err := compiler.ONNX("m.nn", []byte(spec), filled(unfilled(f, "m.nn", []byte(spec))), compiler.ONNXOptions{}, compiler.Options{})
		require.NoError(f, err)
		var file bytes.Buffer
		_, err = model.WriteTo(&file)
		require.NoError(f, err)
		f.Add(file.Bytes())
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		back, err := compiler.ReadONNX(file)
		if err != nil {
			return
		}
		elements := 0
		for _, have := range back.Weights.Tensors {
			elements += len(have.F32) + len(have.I64)
		}
		assert.Equal(t, size(back.Weights), elements)
		assert.LessOrEqual(t, elements, len(file))
	})
}
