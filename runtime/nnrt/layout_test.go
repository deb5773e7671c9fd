package nnrt

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lies returns the elements 0, 1, 2 … of a shape as they lie in memory.
func lies(t *testing.T, l Layout, shape ...int) []float32 {
	t.Helper()
	size := 1
	for _, d := range shape {
		size *= d
	}
	memory, elements, again := make([]float32, size), make([]float32, size), make([]float32, size)
	for i := range elements {
		elements[i] = float32(i)
	}
	x := NewTensor("x", memory, l, shape...)
	require.NoError(t, x.Set(elements))
	require.NoError(t, x.Get(again))
	require.Equal(t, elements, again)
	return memory
}

// The order of panels, written down as it is described: panel by panel, input by input, output by output.
func TestPanelsAreWhatTheyAreSaidToBe(t *testing.T) {
	for _, c := range []struct{ out, in int }{{1, 1}, {1, 5}, {5, 1}, {15, 3}, {16, 3}, {17, 3}, {32, 2}, {33, 4}, {100, 7}} {
		var want []float32
		for first := 0; first < c.out; first += 16 {
			for k := range c.in {
				for j := first; j < min(first+16, c.out); j++ {
					want = append(want, float32(j*c.in+k))
				}
			}
		}
		assert.Equal(t, want, lies(t, Panels, c.out, c.in))
	}
}

func TestUpToSixteenOutputsArePlainlyTransposed(t *testing.T) {
	assert.Equal(t, []float32{0, 3, 1, 4, 2, 5}, lies(t, Panels, 2, 3))
	assert.Equal(t, []float32{0, 1, 2, 3, 4, 5}, lies(t, RowMajor, 2, 3))
}

// Of filters likewise: group by group, panel by panel, over the window's rows and columns, over channels, over outputs.
func TestFiltersAreWhatTheyAreSaidToBe(t *testing.T) {
	for _, c := range []struct{ out, in, height, width, groups int }{{1, 1, 1, 1, 1}, {3, 2, 2, 3, 1}, {20, 3, 3, 3, 1}, {6, 2, 3, 2, 2}, {40, 1, 1, 2, 2}, {5, 1, 3, 3, 5}} {
		var want []float32
		out, window := c.out/c.groups, c.height*c.width
		for g := range c.groups {
			for first := 0; first < out; first += 16 {
				for k := range window {
					for channel := range c.in {
						for j := g*out + first; j < g*out+min(first+16, out); j++ {
							want = append(want, float32((j*c.in+channel)*window+k))
						}
					}
				}
			}
		}
		assert.Equal(t, want, lies(t, Filters(c.groups), c.out, c.in, c.height, c.width), "%+v", c)
		assert.Equal(t, want, lies(t, Filters(c.groups), c.out, c.in, window), "%+v", c)
	}
}
