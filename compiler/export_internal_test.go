package compiler

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Each is a mistake of its own, at the word that the spec has there, in bodies too.
func TestNodesWithoutARuleAreMistakes(t *testing.T) {
	file, list := grammar.Parse("m.nn", []byte("input x[2]\nlinear 2\nrepeat 2 {\n    linear 2; relu\n}\n"))
	require.False(t, list.HasErrors())
	magic := &ir.Op{Name: "magic"}
	found := untranslated("m.nn", file, []*ir.Node{{Op: magic, Pos: ir.Pos{Line: 4, Col: 15}}, {Op: magic, Pos: ir.Pos{Line: 2, Col: 1}}, {Op: magic, Pos: ir.Pos{Line: 9, Col: 1}}}, "PyTorch")
	require.Len(t, found, 3)
	for i, want := range []string{"4:15: this version of nnc cannot export `relu` to PyTorch yet", "2:1: this version of nnc cannot export `linear` to PyTorch yet",
		"9:1: this version of nnc cannot export `magic` to PyTorch yet"} {
		assert.Equal(t, diag.NotYet, found[i].Code)
		assert.Equal(t, want, fmt.Sprintf("%d:%d: %s", found[i].Span.Start.Line, found[i].Span.Start.Col, found[i].Summary))
	}
}
