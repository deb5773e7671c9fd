package nnrt

import (
	"fmt"
	"io"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// Tensors copies the parameters for a weight file.
func Tensors(params []Param) []weights.Tensor {
	tensors := make([]weights.Tensor, len(params))
	for i, p := range params {
		values := make([]float32, p.Len())
		p.outward(values, p.data)
		tensors[i] = weights.Tensor{Name: p.Name, DType: weights.F32, Shape: p.Shape, F32: values}
	}
	return tensors
}

// Import sets the parameters from a weight file. All names and shapes are checked before anything changes.
func Import(f *weights.File, params []Param) error {
	want := make([]weights.Want, len(params))
	for i, p := range params {
		want[i] = weights.Want{Name: p.Name, Shape: p.Shape}
	}
	if err := f.Match(want); err != nil {
		return err
	}
	for _, p := range params {
		t, _ := f.Tensor(p.Name)
		p.inward(t.F32)
	}
	return nil
}

// Save writes the parameters as a safetensors file. It replaces an old file whole or not at all.
func Save(path string, params []Param) error {
	return weights.Write(path, &weights.File{Tensors: Tensors(params)})
}

// SaveTo writes the parameters in the format of a safetensors file.
func SaveTo(w io.Writer, params []Param) error {
	return weights.WriteTo(w, &weights.File{Tensors: Tensors(params)})
}

// Load sets the parameters from a safetensors file. On an error nothing has changed.
func Load(path string, params []Param) error {
	f, err := weights.Read(path)
	if err != nil {
		return err
	}
	if err := Import(f, params); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// LoadFrom sets the parameters from the content of a safetensors file. On an error nothing has changed.
func LoadFrom(r io.Reader, params []Param) error {
	f, err := weights.ReadFrom(r)
	if err != nil {
		return err
	}
	return Import(f, params)
}
