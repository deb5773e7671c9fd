package nnrt

import "fmt"

// Tensor is an array of a model seen from outside: in the shape and the order that PyTorch gives it, whatever its
// order in memory. It is a view: it stays valid as long as its model. It is a parameter, a slot of the optimiser
// (named after its parameter: linear1.weight.m), or a buffer, which training changes though no optimiser does, such
// as running statistics and counters. A counter's elements are integers.
type Tensor struct {
	Name  string // as in weight files: linear1.weight
	Shape []int

	data   []float32
	ints   []int64 // in place of data where the elements are integers
	layout Layout

	shared []string // other names that a file may have it by
	packed string   // the tensor of PyTorch that holds it, with others
}

// NewTensor describes the memory of a slot or a buffer.
func NewTensor(name string, data []float32, layout Layout, shape ...int) Tensor {
	return Tensor{Name: name, Shape: shape, data: data, layout: layout}
}

// NewIntTensor describes the memory of a buffer of integers, which is row-major.
func NewIntTensor(name string, data []int64, shape ...int) Tensor {
	return Tensor{Name: name, Shape: shape, ints: data}
}

// Len returns the number of elements.
func (t Tensor) Len() int { return len(t.data) + len(t.ints) }

// Integers reports whether the elements are integers, for GetInts and SetInts.
func (t Tensor) Integers() bool { return t.ints != nil }

// Get copies the elements to dst, which must have as many.
func (t Tensor) Get(dst []float32) error {
	if err := t.accepts("Get", false, len(dst)); err != nil {
		return err
	}
	t.layout.outward(dst, t.data, t.Shape)
	return nil
}

// Set replaces the elements by those of src, which must have as many.
func (t Tensor) Set(src []float32) error {
	if err := t.accepts("Set", false, len(src)); err != nil {
		return err
	}
	t.layout.inward(t.data, src, t.Shape)
	return nil
}

// GetInts copies the elements of a tensor of integers to dst, which must have as many.
func (t Tensor) GetInts(dst []int64) error {
	if err := t.accepts("GetInts", true, len(dst)); err != nil {
		return err
	}
	copy(dst, t.ints)
	return nil
}

// SetInts replaces the elements of a tensor of integers by those of src, which must have as many.
func (t Tensor) SetInts(src []int64) error {
	if err := t.accepts("SetInts", true, len(src)); err != nil {
		return err
	}
	copy(t.ints, src)
	return nil
}

// Fill sets every element of a tensor of float32 to value.
func (t Tensor) Fill(value float32) {
	for i := range t.data {
		t.data[i] = value
	}
}

// clear sets every element to 0.
func (t Tensor) clear() {
	clear(t.data)
	clear(t.ints)
}

// accepts returns an error unless the elements are of that kind and so many.
func (t Tensor) accepts(call string, ints bool, length int) error {
	switch {
	case ints && t.ints == nil:
		return fmt.Errorf("%s of %s: its elements are float32: call %s", call, t.Name, call[:3])
	case !ints && t.ints != nil:
		return fmt.Errorf("%s of %s: its elements are int64: call %sInts", call, t.Name, call)
	case length != t.Len():
		return fmt.Errorf("%s of %s: a slice of %d values, but the shape %v has %d", call, t.Name, length, t.Shape, t.Len())
	}
	return nil
}
