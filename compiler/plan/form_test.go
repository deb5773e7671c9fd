package plan

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// formsOf builds in → linear1 → tanh1 → mul1 by itself → linear2 → sigmoid1 → loss, and returns the layers that are
// written out.
func formsOf(in, middle, out, most int) map[string]bool {
	n := &network{b: ir.NewBuilder(&ir.Graph{Recipe: ir.Recipe{Batch: 5, Optimiser: op.SGDOptimiser(0.1, 0, 0, 0, false)}})}
	n.x = n.b.Value(ir.Input, "x", ir.Row(in))
	h := n.apply("tanh1", op.Tanh(), n.linear("linear1", n.x, middle))
	h = n.apply("mul1", op.Mul(), h, h)
	n.judge(op.MSE(), n.apply("sigmoid1", op.Sigmoid(), n.linear("linear2", h, out)), ir.Row(out))
	written := Written(Graphs{Step: autodiff.Step(n.b.Graph), Predict: autodiff.Predict(n.b.Graph)}, most)
	layers := map[string]bool{}
	for _, layer := range []string{"linear1", "tanh1", "mul1", "linear2", "sigmoid1", "loss"} {
		layers[layer] = written[layer]
	}
	return layers
}

func TestSmallLayersAreWrittenOut(t *testing.T) {
	all := map[string]bool{"linear1": true, "tanh1": true, "mul1": true, "linear2": true, "sigmoid1": true, "loss": true}
	assert.Equal(t, map[string]bool{"linear1": true, "tanh1": false, "mul1": true, "linear2": true, "sigmoid1": true, "loss": true},
		formsOf(5, 2, 1, MostWritten), "a function costs what its steps do: one of tanh is too much, one of sigmoid is not")
	assert.Equal(t, map[string]bool{"linear1": false, "tanh1": false, "mul1": false, "linear2": false, "sigmoid1": false, "loss": false}, formsOf(5, 2, 1, 0))
	assert.Equal(t, all, formsOf(30, 20, 40, 1<<20))
}

// What works element by element on what a call has made is taken into the call, however small it is, and so is what
// works on that in turn.
func TestWhatFollowsACallIsOne(t *testing.T) {
	assert.Equal(t, map[string]bool{"linear1": false, "tanh1": false, "mul1": false, "linear2": true, "sigmoid1": true, "loss": true},
		formsOf(30, 3, 1, MostWritten))
	assert.Equal(t, map[string]bool{"linear1": true, "tanh1": false, "mul1": true, "linear2": false, "sigmoid1": false, "loss": true},
		formsOf(3, 3, 5, MostWritten), "what a small layer makes stays, though its gradient follows a call")
}
