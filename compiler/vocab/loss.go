package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// Total adds the sum of losses, each times its weight, to the graph: the loss that training makes small.
func Total(b *ir.Builder, losses []*ir.Value, weights []float64) *ir.Value {
	return b.Node("loss", op.WeightedSum(slices.Clone(weights)...), losses...)[0]
}
