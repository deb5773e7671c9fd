package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// A product of x [n, a] and W [b, a] is 2·a·b operations, and so are its gradients by x and by W; the gradient of the input is
// never computed. A row of float32s takes 4 bytes each.
func TestLayersCostWhatTheyDo(t *testing.T) {
	g := &ir.Graph{Recipe: ir.Recipe{Batch: 5, Optimiser: op.SGDOptimiser(0, 0, 0, 0, false)}}
	n := &network{b: ir.NewBuilder(g)}
	n.x = n.b.Value(ir.Input, "x", ir.Row(6))
	w := n.param("w", 6, 6)
	w.Frozen = true
	n.b.Pos = ir.Pos{Line: 1}
	h := n.apply("one", op.Linear(false), n.x, w)
	n.b.Pos = ir.Pos{Line: 2}
	h = n.apply("two", op.Linear(false), h, w)
	n.b.Pos = ir.Pos{Line: 3}
	h = n.apply("relu", op.ReLU(), h)
	n.b.Pos = ir.Pos{Line: 4}
	h = n.apply("shape", op.Reshape(2, 3), h)
	n.b.Pos = ir.Pos{Line: 5}
	h = n.linear("loss", h, 4) // a layer of the loss's name
	n.b.Pos = ir.Pos{Line: 6}
	n.judge(op.MSE(), h, ir.Row(2, 4))
	step := simplify.Dead(autodiff.Step(g))
	assert.Equal(t, []Layer{
		{Name: "x", Output: ir.Shape{6}, Bytes: 24},
		{Name: "one", Output: ir.Shape{6}, Parameters: 36, Forward: 72, Bytes: 24},
		{Name: "two", Output: ir.Shape{6}, Forward: 72, Bytes: 24}, // W counts for the first
		{Name: "relu", Output: ir.Shape{6}, Forward: 6, Bytes: 24},
		{Name: "shape", Output: ir.Shape{2, 3}},
		{Name: "loss", Output: ir.Shape{2, 4}, Parameters: 16, Forward: 2 * 2 * 3 * 4, Backward: 2 * 2 * 3 * 4, Bytes: 32},
	}, Layers(step), "W is frozen: nothing flows back to the first layers")

	p := Memory(Graphs{Step: step, Predict: simplify.Dead(autodiff.Predict(g))}, nil)
	all, trained := p.Parameters()
	assert.Equal(t, []int{36 + 16, 16}, []int{all, trained})
	w.Frozen = false
	step = simplify.Dead(autodiff.Step(g))
	for _, l := range Layers(step) {
		// The sum of the two gradients of W is made once for all rows.
		if want, ok := map[string]int{"one": 72, "two": 144, "loss": 96}[l.Name]; ok {
			assert.Equal(t, want, l.Backward, l.Name)
		}
	}
	p = Memory(Graphs{Step: step, Predict: simplify.Dead(autodiff.Predict(g))}, nil)
	all, trained = p.Parameters()
	assert.Equal(t, []int{52, 52}, []int{all, trained}, "each parameter once")
}
