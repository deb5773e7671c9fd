package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/grammar"
)

// Names of modules, as PyTorch's, lead to the words here.
func TestNamesWithPoints(t *testing.T) {
	for spec, help := range map[string]string{
		"nn.Linear(10, 1)":               "it is called `linear` here, write `linear [in->]out [",
		"torch.nn.functional.relu(x)":    "it is called `relu` here, write `relu`",
		"torch.optim.AdamW(lr=0.01)":     "it is called `adamw` here",
		"linear 10->1; loss nn.MSELoss":  "it is called `mse` here, write `loss mse [",
		"nn.MultiheadAttention 3":        "it is called `attention` here, write `attention heads [",
		"nn.Conv2d 3":                    "it is called `conv` here, write `conv [in->]out kernel=3",
		"nn.Sequential(a)":               "statements follow one another",
		"freeze hidden.weight":           "stands in quotes",
		"linear 10->1; loss mse; sgd .1": "write `0.1`",
		"x.\ufeff":                       "",
	} {
		src := []byte(spec)
		_, list := grammar.Parse("spec.nn", src)
		require.NotEmpty(t, list, spec)
		check.Qualified(src, list)
		assert.Contains(t, list[0].Help, help, spec)
	}
}
