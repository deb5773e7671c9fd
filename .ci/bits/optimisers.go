package main

import (
	"io"

	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/modeltest"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// small is a model of one input and one output.
type small interface {
	Train(x, y []float32) (float32, error)
	Predict(x, out []float32) error
	SaveTo(io.Writer) error
}

func init() {
	for _, s := range []struct {
		name string
		make func(workers nnrt.Option) small
	}{
		{"nadam", func(workers nnrt.Option) small { return NewNadam(workers) }},
		{"radam", func(workers nnrt.Option) small { return NewRadam(workers) }},
		{"adamax", func(workers nnrt.Option) small { return NewAdamax(workers) }},
		{"rmsprop", func(workers nnrt.Option) small { return NewRmsprop(workers) }},
		{"adagrad", func(workers nnrt.Option) small { return NewAdagrad(workers) }},
		{"adadelta", func(workers nnrt.Option) small { return NewAdadelta(workers) }},
		{"lion", func(workers nnrt.Option) small { return NewLion(workers) }},
		{"amsgrad", func(workers nnrt.Option) small { return NewAmsgrad(workers) }},
	} {
		subjects = append(subjects, struct {
			name  string
			steps int
			make  func(workers nnrt.Option) subject
		}{s.name, 200, func(workers nnrt.Option) subject {
			m, x, y, out := s.make(workers), floats("optimisers", 9), floats("optimisers target", 2), output(2)
			return subject{
				func() (float32, error) { return m.Train(x, y) },
				func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
			}
		}})
	}
}

// optimisers are steps in all their ways, of a parameter that is shared out among the workers.
func (c *calls) optimisers() {
	const size = 70_001
	p, g := c.pool, modeltest.Floats("g", size)
	each := func(step func(w []float32, slots [3][]float32)) {
		w := append([]float32{}, modeltest.Floats("w", size)...)
		slots := [3][]float32{zeros(size), zeros(size), zeros(size)}
		for range 3 {
			step(w, slots)
		}
		c.add(w, slots[0], slots[1], slots[2])
	}
	each(func(w []float32, s [3][]float32) {
		kernel.AMSGrad(p, w, s[0], s[1], s[2], g, 0.5, 0.01, 3, size, 0.9, 0.99, 1e-8, 0.1)
	})
	each(func(w []float32, s [3][]float32) { kernel.RMSprop(p, w, s[0], g, 0.5, 0.01, size, 0.9, 1e-8, 0.1) })
	each(func(w []float32, s [3][]float32) {
		kernel.RMSpropMomentum(p, w, s[0], s[1], g, 0.5, 0.01, size, 0.9, 1e-8, 0.7, 0.1)
	})
	each(func(w []float32, s [3][]float32) {
		kernel.CenteredRMSprop(p, w, s[0], s[1], g, 0.5, 0.01, size, 0.9, 1e-8, 0.1)
	})
	each(func(w []float32, s [3][]float32) { kernel.Lion(p, w, s[0], g, 0.5, 0.01, size, 0.9, 0.99) })
}
