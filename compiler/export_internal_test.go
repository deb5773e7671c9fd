package compiler

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

func TestNodesWithoutARuleAreNamed(t *testing.T) {
	require.NoError(t, unexported("m.nn", "ONNX", nil))
	at := ir.Pos{Line: 3, Col: 5}
	magic := &ir.Op{Name: "magic"}
	err := unexported("m.nn", "ONNX", []*ir.Node{{Op: magic, Layer: "magic1", Pos: at}, {Op: magic, Layer: "magic1", Pos: at}, {Op: magic, Layer: "magic2", Pos: ir.Pos{Line: 4, Col: 1}}})
	assert.EqualError(t, err, "m.nn:3:5: magic1 is not in ONNX yet (magic): leave it out, or run the model by nnc\n"+
		"m.nn:4:1: magic2 is not in ONNX yet (magic): leave it out, or run the model by nnc")
}
