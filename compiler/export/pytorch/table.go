package pytorch

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// texts reports whether an input may take the words of a text: it takes several integers in a row.
func texts(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Inputs, func(v *ir.Value) bool {
		return v.Type.Kind == ir.I32 && len(v.Type.Shape) == 1 && v.Type.Shape[0] > 1
	})
}

// windowed reports whether the rows of a table in their order may make a row of the model: each input takes as many, and
// one at least is written as rows and the values of each.
func windowed(g *ir.Graph) bool {
	rows := func(v *ir.Value) int {
		if n := len(v.Type.Shape); n == 0 || n > 2 {
			return 0
		}
		return v.Type.Shape[0]
	}
	written := func(v *ir.Value) bool { return len(v.Type.Shape) == 2 }
	return slices.ContainsFunc(g.Inputs, written) &&
		!slices.ContainsFunc(g.Inputs, func(v *ir.Value) bool { return rows(v) == 0 || rows(v) != rows(g.Inputs[0]) })
}
