package gogen

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/layout"
	"github.com/nnc-lang/nnc/compiler/plan"
	"github.com/nnc-lang/nnc/compiler/simplify"
	"github.com/nnc-lang/nnc/grammar"
)

// A kernel's scratch is a field beside the results of its node, in the rounds of a repetition too, as large as its
// card says for the rows of the program.
func TestScratchIsAFieldOfItsSize(t *testing.T) {
	file, list := grammar.Parse("tool.nn", []byte("input x[4]\nlinear 3\nrepeat 2 { linear 3 }\nloss mse; sgd 0.1\nbatch 5"))
	require.NoError(t, list.Err())
	forward, list := check.File(file, check.Options{Model: "Tool"})
	require.NoError(t, list.Err())
	for _, n := range forward.Nodes {
		if n.Op.Name == "linear" {
			card := *n.Op
			card.Scratch = func(_ *ir.Node, rows int) int { return 3*rows + 1 }
			n.Op = &card
		}
	}
	graphs := layout.Assign(simplify.Dead(autodiff.Step(forward)), autodiff.Predict(forward), autodiff.Evaluate(forward))
	p := plan.Memory(plan.Graphs{Step: graphs[0], Predict: graphs[1], Evaluate: graphs[2]}, nil)
	require.NoError(t, plan.Verify(p))
	source, err := File(p, "main", "")
	require.NoError(t, err)

	runProgram(t, append(source, `
func main() {
	m := NewTool()
	if _, err := m.Train(make([]float32, 20), make([]float32, 15)); err != nil {
		panic(err)
	}
	if err := m.Predict(make([]float32, 20), make([]float32, 15)); err != nil {
		panic(err)
	}
	for _, scratch := range [][]float32{m.acts.linear1Scratch, m.acts.repeat1[0].linear1Scratch, m.acts.repeat1[1].linear1Scratch} {
		if len(scratch) != 3*5+1 {
			panic(len(scratch))
		}
	}
}
`...), nil)
	require.Contains(t, string(source), "w.linear1Bias, a.linear1Scratch, n, 4, 3)")
}
