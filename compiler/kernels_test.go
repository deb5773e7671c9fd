package compiler_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/kernelgen"
	"github.com/nnc-lang/nnc/compiler/op"
)

// TestKernels keeps the runtime's element-wise kernels and elementary functions what the cards and functions say.
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
	kernels, err := kernelgen.File(nodes)
	require.NoError(t, err)
	functions, err := kernelgen.Functions(op.Functions())
	require.NoError(t, err)
	for path, source := range map[string][]byte{"elementwise.go": kernels, "functions_elementary.go": functions} {
		path = filepath.Join("../runtime/kernel", path)
		if *update {
			require.NoError(t, os.WriteFile(path, source, 0o644))
			continue
		}
		current, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(source), string(current), "a card's Scalar or a function's Body has changed, or this file has: run the test with -update, and read the difference")
	}
}
