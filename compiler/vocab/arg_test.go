package vocab

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A bare name that means something by itself is taken from every spec; what stands behind `name=` is not.
func TestFlagsTakeTheirNames(t *testing.T) {
	for _, c := range []struct {
		declared Arg
		taken    []string
	}{
		{Arg{Name: "nesterov", Kind: Flag}, []string{"nesterov"}},
		{Arg{Name: "kernel", Kind: Integers, Positional: true, Choices: []string{"global"}}, []string{"global"}},
		{Arg{Name: "pad", Kind: Integers, Choices: []string{"same"}}, nil},
		{Arg{Name: "scheme", Kind: Choice, Positional: true, Choices: []string{"normal"}}, nil},
	} {
		assert.Equal(t, c.taken, c.declared.flags(), c.declared.Name)
	}
}

// Either end may be out of range itself, and the text says so.
func TestRanges(t *testing.T) {
	for _, c := range []struct {
		declared Arg
		text     string
		in, out  []float64
	}{
		{Arg{Max: 1}, "from 0 to 1", []float64{0, 1}, []float64{-0.1, 1.1}},
		{Arg{Max: 1, Below: true}, "at least 0 and below 1", []float64{0, 0.9}, []float64{-0.1, 1}},
		{Arg{Max: 1, Above: true}, "above 0 and at most 1", []float64{0.1, 1}, []float64{0, 1.1}},
		{Arg{Max: 1, Above: true, Below: true}, "above 0 and below 1", []float64{0.1, 0.9}, []float64{0, 1}},
		{Arg{Max: unbounded}, "at least 0", []float64{0, 1e30}, []float64{-1}},
		{Arg{Max: unbounded, Above: true}, "above 0", []float64{1e-30, 1e30}, []float64{0}},
	} {
		assert.Equal(t, c.text, c.declared.Range())
		for _, x := range c.in {
			assert.True(t, c.declared.InRange(x), "%v is %s", x, c.text)
		}
		for _, x := range c.out {
			assert.False(t, c.declared.InRange(x), "%v is not %s", x, c.text)
		}
	}
}
