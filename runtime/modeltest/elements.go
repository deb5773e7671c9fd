package modeltest

import (
	"testing"

	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// elements are those of a tensor, of which one of the two has some: integers where it counts.
type elements struct {
	floats []float32
	ints   []int64
}

// elementsOf copies the elements of a tensor.
func elementsOf(t *testing.T, tensor nnrt.Tensor) elements {
	t.Helper()
	if tensor.Integers() {
		e := elements{ints: make([]int64, tensor.Len())}
		must(t, tensor.GetInts(e.ints))
		return e
	}
	e := elements{floats: make([]float32, tensor.Len())}
	must(t, tensor.Get(e.floats))
	return e
}

// set gives a tensor the elements.
func (e elements) set(t *testing.T, tensor nnrt.Tensor) {
	t.Helper()
	if tensor.Integers() {
		must(t, tensor.SetInts(e.ints))
		return
	}
	must(t, tensor.Set(e.floats))
}

// changed returns others, each of which differs.
func (e elements) changed() elements {
	var c elements
	for _, v := range e.floats {
		if v == 0 {
			v = -1
		}
		c.floats = append(c.floats, -v)
	}
	for _, v := range e.ints {
		c.ints = append(c.ints, v+1)
	}
	return c
}

// compare checks that the elements are those that were saved, to the bit.
func (e elements) compare(t *testing.T, name string, saved elements) {
	t.Helper()
	for k, v := range e.floats {
		if !sameBits(v, saved.floats[k]) {
			t.Fatalf("%s[%d] was %v and came back as %v", name, k, saved.floats[k], v)
		}
	}
	for k, v := range e.ints {
		if v != saved.ints[k] {
			t.Fatalf("%s[%d] was %v and came back as %v", name, k, saved.ints[k], v)
		}
	}
}
