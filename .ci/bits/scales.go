package main

import "github.com/nnc-lang/nnc/runtime/nnrt"

func init() {
	subjects = append(subjects, struct {
		name  string
		steps int
		make  func(workers nnrt.Option) subject
	}{"scales", 60, func(workers nnrt.Option) subject {
		m, photo, steps := NewScales(workers), floats("photo", 3*9*8), floats("steps", 6*5)
		y, out := floats("scales", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(photo, steps, y) },
			func() error { return m.Predict(photo, steps, out) }, [][]float32{out}, m.SaveTo,
		}
	}})
}
