package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// What a function's Body computes, in float64, is what its Eval says, but for the error of the polynomials.
func TestBodiesAgreeWithEval(t *testing.T) {
	// The error of Φ, in which what is near 0 counts little.
	loose := map[string]float64{"GELU1": 3e-8, "GELUSlope1": 8e-8, "GELUTanh1": 1e-30, "GELUTanhSlope1": 1e-30}
	for _, f := range op.Functions() {
		assert.NotEmpty(t, f.Doc, f.Name)
		for i := -80_000; i <= 80_000; i += 7 {
			x := float64(i) / 1000
			values := map[ir.Named]float64{}
			var last float64
			for _, step := range f.Body {
				last = ir.Evaluate(step.Value, func(leaf ir.Expr) float64 {
					if name, ok := leaf.(ir.Named); ok {
						value, computed := values[name]
						if !computed {
							panic(fmt.Sprintf("%s: step %s is read before it is computed", f.Name, name))
						}
						return value
					}
					return x
				}, nil)
				values[ir.Named(step.Name)] = last
			}
			want := f.Eval(x)
			if math.IsNaN(want) && math.IsNaN(last) {
				continue
			}
			if !assert.LessOrEqual(t, math.Abs(last-want), 2e-8*math.Abs(want)+loose[f.Name]*max(1, math.Abs(x)), "%s(%v) is %v, not %v", f.Name, x, last, want) {
				break
			}
		}
	}
}
