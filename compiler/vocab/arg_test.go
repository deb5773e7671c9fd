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
