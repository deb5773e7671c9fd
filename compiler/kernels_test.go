package compiler_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/kernelgen"
	"github.com/nnc-lang/nnc/compiler/op"
)

// TestKernels keeps the runtime's element-wise kernels what the cards say.
func TestKernels(t *testing.T) {
	var nodes []*ir.Node
	for _, entry := range op.Catalogue() {
		b := ir.NewBuilder(&ir.Graph{})
		var operands []*ir.Value
		for _, typ := range entry.Samples[0].Types {
			operands = append(operands, b.Value(ir.Input, "x", typ))
		}
		nodes = append(nodes, b.Node("y", entry.Make(), operands...)[0].Def)
	}
	source, err := kernelgen.File(nodes)
	require.NoError(t, err)
	const path = "../runtime/kernel/elementwise.go"
	if *update {
		require.NoError(t, os.WriteFile(path, source, 0o644))
		return
	}
	current, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(source), string(current), "a card's Scalar has changed, or this file has: run the test with -update, and read the difference")
}
