package nnrt

import (
	"fmt"
	"io"
	"slices"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// Tensors copies what a weight file holds: the parameters, then the buffers.
func Tensors(params []Param, buffers []Tensor) []weights.Tensor {
	list := saved(params, buffers)
	tensors := make([]weights.Tensor, len(list))
	for i, t := range list {
		tensors[i] = weights.Tensor{Name: t.Name, DType: t.dtype(), Shape: t.Shape}
		if t.ints != nil {
			tensors[i].I64 = slices.Clone(t.ints)
			continue
		}
		tensors[i].F32 = make([]float32, len(t.data))
		t.layout.outward(tensors[i].F32, t.data, t.Shape)
	}
	return tensors
}

// Import sets parameters and buffers from a weight file; a counter that it lacks becomes 0. All names, kinds and shapes
// are checked before anything changes.
func Import(f *weights.File, params []Param, buffers []Tensor) error {
	list := saved(params, buffers)
	want := make([]weights.Want, len(list))
	for i, t := range list {
		want[i] = weights.Want{Name: t.Name, Shape: t.Shape, DType: t.dtype(), Also: t.shared, Packed: t.packed, Counter: t.ints != nil}
	}
	d := f.Compare(want)
	if err := d.Err(); err != nil {
		return err
	}
	for i, t := range list {
		if t.ints != nil {
			copy(t.ints, d.Fit[i].I64)
		} else {
			t.layout.inward(t.data, d.Fit[i].F32, t.Shape)
		}
	}
	return nil
}

func saved(params []Param, buffers []Tensor) []Tensor {
	list := make([]Tensor, 0, len(params)+len(buffers))
	for _, p := range params {
		list = append(list, p.Tensor)
	}
	return append(list, buffers...)
}

func (t Tensor) dtype() weights.DType {
	if t.ints != nil {
		return weights.I64
	}
	return weights.F32
}

// Save writes parameters and buffers as a safetensors file. It replaces an old file whole or not at all.
func Save(path string, params []Param, buffers []Tensor) error {
	return weights.Write(path, &weights.File{Tensors: Tensors(params, buffers)})
}

// SaveTo writes parameters and buffers in the format of a safetensors file.
func SaveTo(w io.Writer, params []Param, buffers []Tensor) error {
	return weights.WriteTo(w, &weights.File{Tensors: Tensors(params, buffers)})
}

// Load sets parameters and buffers from a safetensors file. On an error nothing has changed.
func Load(path string, params []Param, buffers []Tensor) error {
	_, err := LoadMeta(path, params, buffers)
	return err
}

// LoadMeta is Load that returns the file's metadata too.
func LoadMeta(path string, params []Param, buffers []Tensor) (map[string]string, error) {
	f, err := weights.Read(path)
	if err != nil {
		return nil, err
	}
	if err := Import(f, params, buffers); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f.Meta, nil
}

// LoadFrom sets parameters and buffers from the content of a safetensors file. On an error nothing has changed.
func LoadFrom(r io.Reader, params []Param, buffers []Tensor) error {
	_, err := LoadMetaFrom(r, params, buffers)
	return err
}

// LoadMetaFrom is LoadFrom that returns the content's metadata too.
func LoadMetaFrom(r io.Reader, params []Param, buffers []Tensor) (map[string]string, error) {
	f, err := weights.ReadFrom(r)
	if err != nil {
		return nil, err
	}
	return f.Meta, Import(f, params, buffers)
}
