package nnrt

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Param is a parameter of a model: a tensor that the optimiser changes, and its gradient.
type Param struct {
	Tensor
	grad []float32 // in the tensor's layout

	average []float32 // likewise, what predictions use in its place; nil where they use the parameter itself
}

// NewParam describes the memory of a parameter and of its gradient, nil where there is none.
func NewParam(name string, data, grad []float32, layout Layout, shape ...int) Param {
	return Param{Tensor: NewTensor(name, data, layout, shape...), grad: grad}
}

// Shared is the parameter with other names that a file may have it by: those that it has in the layers that share it.
func (p Param) Shared(names ...string) Param {
	p.shared = names
	return p
}

// Packed is the parameter with the name of PyTorch's tensor whose rows hold it: behind those of the parameters listed
// before it that say the same.
func (p Param) Packed(whole string) Param {
	p.packed = whole
	return p
}

// Averaged lets those parameters that lie elsewhere in averages, a list of the same ones, have an average there.
func Averaged(params, averages []Param) {
	for i, a := range averages {
		if len(a.data) > 0 && &a.data[0] != &params[i].data[0] {
			params[i].average = a.data
		}
	}
}

// Follow lets the averages of parameters, where they have one, be these.
func Follow(params []Param) {
	for _, p := range params {
		copy(p.average, p.data)
	}
}

// Set replaces the elements by those of src, which must have as many, and those of the average too if there is one.
func (p Param) Set(src []float32) error {
	if err := p.Tensor.Set(src); err != nil {
		return err
	}
	copy(p.average, p.data)
	return nil
}

// Grad copies the gradient that Backward has computed to dst, which must have as many elements as the parameter. It
// is there until the next Forward or Train, which use its memory for other things. A parameter that training leaves
// as it is has none.
func (p Param) Grad(dst []float32) error {
	if p.grad == nil {
		return fmt.Errorf("%s has no gradient: it is frozen, or no loss depends on it", p.Name)
	}
	if err := p.accepts("Grad", false, len(dst)); err != nil {
		return err
	}
	p.layout.outward(dst, p.grad, p.Shape)
	return nil
}

// Uniform draws the elements from ±bound, by the seed and the parameter's name.
func (p Param) Uniform(seed uint64, bound float32) {
	p.draw(func(dst []float32) { kernel.Uniform(nil, dst, rng.New(seed, p.Name), len(dst), bound) })
}

// Normal draws the elements from the normal distribution around 0 with that standard deviation, by the seed and
// the parameter's name.
func (p Param) Normal(seed uint64, std float32) {
	p.draw(func(dst []float32) { kernel.Normal(nil, dst, rng.New(seed, p.Name), len(dst), std) })
}

// draw lets fill give the elements their values in the shape's order.
func (p Param) draw(fill func(dst []float32)) {
	if p.layout == RowMajor {
		fill(p.data)
		return
	}
	draws := make([]float32, len(p.data))
	fill(draws)
	p.layout.inward(p.data, draws, p.Shape)
}

// State is what a training run is made of: all that a checkpoint must hold.
type State struct {
	Params  []Param
	Slots   []Tensor
	Buffers []Tensor
	Step    *uint64  // the number of steps done
	Rate    *float64 // the learning rate, before its schedule
	Total   *uint64  // the number of steps of the whole training; nil where no schedule asks for it

	EpochSteps    *uint64 // the number of steps of an epoch, likewise
	Batches, Rows *uint64 // the batches of the running step so far, and their rows; nil where each makes a step

	Plateau *kernel.Plateau // what a schedule remembers of the epochs; nil where it remembers nothing
}

// Clear sets all tensors and numbers to 0.
func (s State) Clear() {
	for _, p := range s.Params {
		p.clear()
	}
	for _, list := range [][]Tensor{s.Slots, s.Buffers} {
		for _, t := range list {
			t.clear()
		}
	}
	*s.Step, *s.Rate = 0, 0
	if s.Total != nil {
		*s.Total = 0
	}
	if s.EpochSteps != nil {
		*s.EpochSteps = 0
	}
	if s.Batches != nil {
		*s.Batches, *s.Rows = 0, 0
	}
	if s.Plateau != nil {
		*s.Plateau = kernel.Plateau{}
	}
}
