// Package modeltest checks a generated model from outside: what `nnc build --test` writes calls it.
//
// What comes in is a model as a few functions; what goes out are failures of the test. It knows no layer: it
// asks whether the gradients that the model computes are those that its losses have.
package modeltest

import (
	"bytes"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Model is a generated model on one batch of rows.
type Model struct {
	Params  []nnrt.Param
	State   []nnrt.Tensor           // what training changes but no optimiser does, running statistics for example; may be nil
	Frozen  []string                // the names of the parameters that training leaves as they are
	Loss    func() (float32, error) // Forward and Loss
	Back    func() error            // Backward
	Train   func() (float32, error) // the whole step
	Predict func() error
	SaveTo  func(io.Writer) error
	Load    func(io.Reader) error
}

// Floats returns n numbers that look like standardised data, by the name: uniform in ±√3, of variance 1.
func Floats(name string, n int) []float32 {
	x := make([]float32, n)
	rng.New(1, name).Uniform(x, 1.7320508)
	return x
}

// Classes returns n integers in [0, limit), by the name.
func Classes(name string, n, limit int) []int32 {
	c := make([]int32, n)
	stream := rng.New(1, name)
	for i := range c {
		c[i] = int32(stream.Uint64(uint64(i)) % uint64(limit))
	}
	return c
}

// FrozenStay checks that a step leaves the frozen parameters as they are, to the bit.
func FrozenStay(t *testing.T, m Model) {
	t.Helper()
	before := make([][]float32, len(m.Params))
	for i, p := range m.Params {
		before[i] = make([]float32, p.Len())
		must(t, p.Get(before[i]))
	}
	must(t, second(m.Train()))
	for i, p := range m.Params {
		after := make([]float32, p.Len())
		must(t, p.Get(after))
		if slices.Contains(m.Frozen, p.Name) && !slices.EqualFunc(before[i], after, sameBits) {
			t.Errorf("%s is frozen, and a step has changed it", p.Name)
		}
	}
}

func sameBits(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }

// NoAllocation checks that neither a step nor a prediction allocates.
func NoAllocation(t *testing.T, m Model) {
	t.Helper()
	must(t, second(m.Train()))
	if n := testing.AllocsPerRun(10, func() { _, _ = m.Train() }); n != 0 {
		t.Errorf("a step allocates %v times", n)
	}
	must(t, m.Predict())
	if n := testing.AllocsPerRun(10, func() { _ = m.Predict() }); n != 0 {
		t.Errorf("a prediction allocates %v times", n)
	}
}

// RoundTrip checks that what SaveTo writes gives the same parameters and state back, to the bit. In between every element
// is changed, zeros too, so that what is not loaded is noticed.
func RoundTrip(t *testing.T, m Model) {
	t.Helper()
	var file bytes.Buffer
	must(t, m.SaveTo(&file))
	var all []nnrt.Tensor
	for _, p := range m.Params {
		all = append(all, p.Tensor)
	}
	all = append(all, m.State...)
	saved := make([]elements, len(all))
	for i, tensor := range all {
		saved[i] = elementsOf(t, tensor)
		saved[i].changed().set(t, tensor)
	}
	must(t, m.Load(&file))
	for i, tensor := range all {
		elementsOf(t, tensor).compare(t, tensor.Name, saved[i])
	}
}

func second[T any](_ T, err error) error { return err }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
