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

// Want is what Import wants of a weight file.
func Want(params []Param, buffers []Tensor) []weights.Want {
	var want []weights.Want
	for _, t := range saved(params, buffers) {
		want = append(want, weights.Want{Name: t.Name, Shape: t.Shape, DType: t.dtype(), Also: t.shared, Packed: t.packed, Counter: t.ints != nil})
	}
	return want
}

// Import sets parameters, their averages and buffers from a weight file; a counter that it lacks becomes 0. All names, kinds
// and shapes are checked before anything changes.
func Import(f *weights.File, params []Param, buffers []Tensor) error {
	d := f.Compare(Want(params, buffers))
	if err := d.Err(); err != nil {
		return err
	}
	for i, t := range saved(params, buffers) {
		if t.ints != nil {
			copy(t.ints, d.Fit[i].I64)
		} else {
			t.layout.inward(t.data, d.Fit[i].F32, t.Shape)
		}
	}
	Follow(params)
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

// The calls that errors of the functions below begin with are those of the generated code: House.Load.

// Save writes parameters, buffers and metadata as a safetensors file. It replaces an old file whole or not at all.
func Save(call, path string, metadata map[string]string, params []Param, buffers []Tensor) error {
	return of(call, weights.Write(path, &weights.File{Tensors: Tensors(params, buffers), Meta: metadata}))
}

// SaveTo writes parameters, buffers and metadata in the format of a safetensors file.
func SaveTo(call string, w io.Writer, metadata map[string]string, params []Param, buffers []Tensor) error {
	return of(call, weights.WriteTo(w, &weights.File{Tensors: Tensors(params, buffers), Meta: metadata}))
}

// Load sets parameters, buffers and metadata from a safetensors file. On an error nothing has changed.
func Load(call, path string, metadata *map[string]string, params []Param, buffers []Tensor) error {
	f, err := weights.Read(path)
	if err != nil {
		return of(call, err)
	}
	if err := Import(f, params, buffers); err != nil {
		return of(call, fmt.Errorf("%s: %w", path, err))
	}
	*metadata = f.Meta
	return nil
}

// LoadFrom sets parameters, buffers and metadata from the content of a safetensors file. On an error nothing has changed.
func LoadFrom(call string, r io.Reader, metadata *map[string]string, params []Param, buffers []Tensor) error {
	f, err := weights.ReadFrom(r)
	if err == nil {
		err = Import(f, params, buffers)
	}
	if err != nil {
		return of(call, err)
	}
	*metadata = f.Meta
	return nil
}

// of names the call that an error is of.
func of(call string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", call, err)
}
