package vocab

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var (
	_ = register(elementwise("add", "sum", "x + y + …", op.Add))
	_ = register(elementwise("mul", "product", "x ∘ y ∘ …", op.Mul))
)

// values declares the named values that a word combines with the current one.
var values = Arg{Name: "name", Kind: Named, Positional: true, Required: true, Many: true, Doc: "inputs, labels, parts, or `in`"}

// elementwise declares a word that combines the current value with named ones of the same shape.
func elementwise(name, result, formula string, card func() *ir.Op) *Word {
	return &Word{
		Name:  name,
		Kind:  Layer,
		Usage: name + " name …",
		Doc:   "The " + result + " of the current value and the named ones, element by element: " + formula + ". All have one shape.",
		Args:  []Arg{values},
		Build: func(c *Call) {
			if !c.Floats() {
				return
			}
			named := c.Args["name"]
			for i, v := range named.Named {
				switch {
				case v.Type.Kind != ir.F32:
					c.Report(c.operand(named, i))
				case !slices.Equal(v.Type.Shape, c.X.Type.Shape):
					c.Report(c.Problem(diag.ShapesDiffer, named.Spans[i], "`%s` is %v, but %v flows in here", named.Texts[i], v.Type.Shape, c.X.Type.Shape).
						WithNote(c.Origin(c.X), "%s comes from here", times(c.X.Type.Shape)).
						WithHelp("`%s` needs equal shapes: put a layer such as `linear %d` before it, or `concat` the two", name, v.Type.Shape.Last()))
				case i < len(named.Named)-1: // the layer is the last of several
					c.X = c.Builder.Node(fmt.Sprintf("%s.part%d", c.Name, i+1), card(), c.X, v)[0]
				default:
					c.Apply(card(), v)
				}
			}
		},
	}
}
