package compiler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// specOf is the spec of a golden file.
func specOf(t *testing.T, name string) []byte {
	golden, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	require.NoError(t, err)
	return golden.Files[0].Data
}

// unfilled are weights of a spec without their elements, which are enough to look at a model.
func unfilled(t *testing.T, name string, spec []byte) *weights.File {
	out, list, err := compiler.Compile(name, spec, compiler.Options{Package: "p", Program: true})
	require.NoError(t, err)
	require.Empty(t, list)
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
