package compiler_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// What changes with a constant is found by changing it: where it stands, and under which operators, does not matter.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		spec string
		want map[string]string
	}{
		"of both":          {"const v = 7\ninput x[3] of v\nembedding 6\nlinear v\nloss cross_entropy\nsgd 0.1", map[string]string{"x": "v", "target": "v"}},
		"of one":           {"const v = 7\ninput x[3] of v\nembedding 6\nlinear 7\nloss cross_entropy\nsgd 0.1", map[string]string{"x": "v"}},
		"of each another":  {"const v = 7\nconst k = 4\ninput x[3] of v\nembedding 6\nlinear k\nloss cross_entropy\nsgd 0.1", map[string]string{"x": "v", "target": "k"}},
		"in a block":       {"const v = 7\nblock Head(n) { linear n }\ninput x[3] of v\nembedding 6\nHead n=v\nloss cross_entropy\nsgd 0.1", map[string]string{"x": "v", "target": "v"}},
		"more than itself": {"const v = 6\ninput x[3] of v+1\nembedding 6\nlinear 7\nloss cross_entropy\nsgd 0.1", map[string]string{}},
		"shapes too":       {"const v = 7\ninput x[v] of v\nembedding 6\nlinear v\nloss cross_entropy\nsgd 0.1", map[string]string{}},
		"forbidden":        {"const v = 8\ninput x[3] of v\nembedding v\nattention 4\nlinear 8\nloss cross_entropy\nsgd 0.1", map[string]string{}},
		"numbers":          {"const v = 3\ninput x[v]\nlinear 1\nloss mse\nsgd 0.1", map[string]string{}},
	} {
		out, list, err := compiler.Compile("s.nn", []byte(c.spec), compiler.Options{Program: true, Package: "main"})
		require.NoError(t, err, name)
		require.NoError(t, list.Err(), name)
		assert.Equal(t, c.want, out.Limits, name)
	}
}
