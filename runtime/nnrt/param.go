package nnrt

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// Param is a parameter of a model, or a slot of its optimiser, seen from outside: in the shape and the order
// that PyTorch gives it, whatever its order in memory. It is a view: it stays valid as long as its model.
type Param struct {
	Name  string // as in weight files: linear1.weight
	Shape []int

	data, grad []float32
	layout     Layout // of both
}

// NewParam describes the memory of a parameter and of its gradient, nil where there is none.
func NewParam(name string, data, grad []float32, layout Layout, shape ...int) Param {
	return Param{Name: name, Shape: shape, data: data, grad: grad, layout: layout}
}

// Len returns the number of elements.
func (p Param) Len() int { return len(p.data) }

// Get copies the elements to dst, which must have as many.
func (p Param) Get(dst []float32) error {
	if err := p.fits("Get", len(dst)); err != nil {
		return err
	}
	p.outward(dst, p.data)
	return nil
}

// Set replaces the elements by those of src, which must have as many.
func (p Param) Set(src []float32) error {
	if err := p.fits("Set", len(src)); err != nil {
		return err
	}
	p.inward(src)
	return nil
}

// Grad copies the gradient that Backward has computed to dst, which must have as many elements. It is there
// until the next Forward or Train, which use its memory for other things. A parameter that training leaves as it
// is has none.
func (p Param) Grad(dst []float32) error {
	if p.grad == nil {
		return fmt.Errorf("%s has no gradient: it is frozen, or no loss depends on it", p.Name)
	}
	if err := p.fits("Grad", len(dst)); err != nil {
		return err
	}
	p.outward(dst, p.grad)
	return nil
}

// Uniform draws the elements from ±bound, by the seed and the parameter's name.
func (p Param) Uniform(seed uint64, bound float32) {
	p.fill(func(dst []float32) { rng.New(seed, p.Name).Uniform(dst, bound) })
}

// Normal draws the elements from the normal distribution around 0 with that standard deviation, by the seed and
// the parameter's name.
func (p Param) Normal(seed uint64, std float32) {
	p.fill(func(dst []float32) { rng.New(seed, p.Name).Normal(dst, std) })
}

// Fill sets every element to value.
func (p Param) Fill(value float32) {
	for i := range p.data {
		p.data[i] = value
	}
}

// fill lets draw fill the elements in the shape's order.
func (p Param) fill(draw func(dst []float32)) {
	if p.layout == RowMajor {
		draw(p.data)
		return
	}
	draws := make([]float32, len(p.data))
	draw(draws)
	p.inward(draws)
}

func (p Param) fits(call string, length int) error {
	if length == len(p.data) {
		return nil
	}
	return fmt.Errorf("%s of %s: a slice of %d values, but the shape %v has %d", call, p.Name, length, p.Shape, len(p.data))
}

// outward copies memory to dst in the shape's order.
func (p Param) outward(dst, memory []float32) {
	if p.layout == RowMajor {
		copy(dst, memory)
		return
	}
	out, in := p.matrix()
	for j := range out {
		for k := range in {
			dst[j*in+k] = memory[p.layout.Index(j, k, out, in)]
		}
	}
}

// inward copies src, in the shape's order, to the parameter's memory.
func (p Param) inward(src []float32) {
	if p.layout == RowMajor {
		copy(p.data, src)
		return
	}
	out, in := p.matrix()
	for j := range out {
		for k := range in {
			p.data[p.layout.Index(j, k, out, in)] = src[j*in+k]
		}
	}
}

// matrix returns the sizes of the shape as a matrix: the first axis by all others.
func (p Param) matrix() (out, in int) {
	out = p.Shape[0]
	return out, len(p.data) / max(out, 1)
}

// State is what a training run is made of: all that a checkpoint must hold.
type State struct {
	Params []Param
	Slots  []Param // the optimiser's memory, named after its parameter: linear1.weight.m
	Step   *uint64 // the number of steps done
}
