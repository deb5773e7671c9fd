package nnrt

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// The order of panels, written down as it is described: panel by panel, input by input, output by output.
func TestPanelsAreWhatTheyAreSaidToBe(t *testing.T) {
	for _, c := range []struct{ out, in int }{{1, 1}, {1, 5}, {5, 1}, {15, 3}, {16, 3}, {17, 3}, {32, 2}, {33, 4}, {100, 7}} {
		at := 0
		for first := 0; first < c.out; first += 16 {
			for k := range c.in {
				for j := first; j < min(first+16, c.out); j++ {
					assert.Equal(t, at, Panels.Index(j, k, c.out, c.in), "(%d, %d) of [%d, %d]", j, k, c.out, c.in)
					at++
				}
			}
		}
		assert.Equal(t, c.out*c.in, at, "nothing is padded")
	}
}

func TestUpToSixteenOutputsArePlainlyTransposed(t *testing.T) {
	for out := 1; out <= 16; out++ {
		for j := range out {
			for k := range 3 {
				assert.Equal(t, k*out+j, Panels.Index(j, k, out, 3))
				assert.Equal(t, j*3+k, RowMajor.Index(j, k, out, 3))
			}
		}
	}
}

func TestPanelsAreTheKernels(t *testing.T) {
	for _, c := range []struct{ out, in int }{{1, 1}, {1, 5}, {5, 1}, {15, 3}, {16, 3}, {17, 3}, {32, 2}, {37, 6}, {100, 7}} {
		rows, panels := make([]float32, c.out*c.in), make([]float32, c.out*c.in)
		for i := range rows {
			rows[i] = float32(i)
		}
		kernel.ToPanels(nil, panels, rows, c.out, c.in)
		for i, v := range rows {
			assert.Equal(t, v, panels[Panels.Index(i/c.in, i%c.in, c.out, c.in)], "element %d of [%d, %d]", i, c.out, c.in)
		}
	}
}
