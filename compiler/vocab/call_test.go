package vocab

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// A parameter knows what PyTorch packs it into, and the layers that share it.
func TestParametersKnowTheirOtherNames(t *testing.T) {
	builder := ir.NewBuilder(&ir.Graph{})
	call := func(name string, args map[string]Value) *Call {
		return &Call{Word: &Word{Packed: map[string]string{"query.weight": "in_proj_weight"}}, Name: name, Args: args, Builder: builder}
	}
	first := call("block.0.attention1", nil)
	weight, bias := first.Filled("query.weight", 0, 2, 2), first.Filled("bias", 0, 2)
	assert.Equal(t, "block.0.attention1.in_proj_weight", weight.Packed)
	assert.Empty(t, bias.Packed)

	tied := map[string]Value{"tied": {Layer: &first.Made}}
	assert.Same(t, weight, call("block.0.attention2", tied).Filled("query.weight", 0, 2, 2))
	call("attention3", tied).Filled("query.weight", 0, 2, 2)
	assert.Equal(t, []string{"block.0.attention2.query.weight", "attention3.query.weight"}, weight.Shared)
}
