package gogen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/layout"
	"github.com/nnc-lang/nnc/compiler/plan"
	"github.com/nnc-lang/nnc/compiler/simplify"
	"github.com/nnc-lang/nnc/grammar"
)

// rewritten is a spec's plan as the compiler makes it: small layers written out, operations fused.
func rewritten(t *testing.T, spec string) *plan.Plan {
	file, list := grammar.Parse("tool.nn", []byte(spec))
	require.NoError(t, list.Err())
	forward, list := check.File(file, check.Options{Model: "Tool"})
	require.NoError(t, list.Err())
	graphs := plan.Graphs{Step: autodiff.Step(forward), Predict: autodiff.Predict(forward), Evaluate: autodiff.Evaluate(forward)}
	written := plan.Written(graphs, plan.MostWritten)
	laid := layout.Assign(simplify.Graph(graphs.Step, written), simplify.Graph(graphs.Predict, written), simplify.Graph(graphs.Evaluate, written))
	return plan.Memory(plan.Graphs{Step: laid[0], Predict: laid[1], Evaluate: laid[2]}, written)
}

// The first value that is not finite is found in each phase: in layers that are written out and in layers that are calls,
// in what a kernel does behind another, in the rounds of a repetition, and in a gradient where the loss is sound. Each
// case fills parameters, or every input of row 1, with a number, in a net whose other parameters are 0.01.
func TestTheFirstValueThatIsNotFinite(t *testing.T) {
	p := rewritten(t, `input x[4]
linear 64; relu
repeat 2 { linear 64; softsign }
narrow: linear 2; tanh
end: linear 1
loss mse; sgd 0.1; batch 8`)
	source, err := File(p, "main", "")
	require.NoError(t, err)
	assert.NotContains(t, string(source), "trace")

	cases := []struct{ fill, number, want string }{
		{"nothing", "0", "<nil>"},
		{"x", "nan", "the input x: NaN in row 2 of the step, 4 of its 12 numbers"},
		{"end.bias", "inf", "the parameter end.bias as the step before left it: +Inf"},
		{"linear1.weight", "3e38", "linear1 → relu1, which linear → relu at tool.nn:2:1 makes: +Inf in row 1 of the step, 192 of its 192 numbers"},
		{"repeat1.1.linear1.weight", "3e38", "repeat1.1.linear1, which linear at tool.nn:3:12 makes: +Inf in row 1 of the step, 192 of its 192 numbers"},
		{"narrow.bias", "3e38", "<nil>"}, // tanh is 1 there, and its gradient 0
		{"end.bias", "1e19", "<nil>"},    // its square is 1e38, and the gradients are 2e19 times what the layers make, 1 at most
		{"end.bias", "3e19", "loss, which mse at tool.nn:6:1 makes: +Inf"},
		{"target", "3e19", "loss, which mse at tool.nn:6:1 makes: +Inf"},
		// Before narrow's tanh 0.032 comes out, so that the squares are 6.7e37 and their sum 2e38; but 2·8.2e18/3 times the
		// weight is 6.9e38.
		{"end.weight", "1.27e20", "∂tanh1, which linear_grad_input at tool.nn:5:1 makes: +Inf in row 1 of the step, 6 of its 6 numbers"},
	}
	var fills []string
	for _, c := range cases {
		fills = append(fills, c.fill+" "+c.number)
	}
	for i, got := range firsts(t, p, fills) {
		assert.Equal(t, cases[i].want, got, cases[i].fill)
	}
}

// Running statistics, which the refused step has spoiled too, come from what is first: the layer before them.
func TestSpoiledStatisticsAreNotTheFirst(t *testing.T) {
	p := rewritten(t, "input x[4]\nlinear 64; batchnorm; relu\nlinear 1\nloss mse; sgd 0.1; batch 8")
	assert.Equal(t, []string{"linear1, which linear at tool.nn:2:1 makes: +Inf in row 1 of the step, 192 of its 192 numbers"},
		firsts(t, p, []string{"linear1.weight 3e38"}))
}

// firsts are the first values that are not finite, where parameters or rows are filled with a number.
func firsts(t *testing.T, p *plan.Plan, fills []string) []string {
	source, err := Program(p)
	require.NoError(t, err)
	text := strings.Replace(string(source), "import (", "import (\n\"fmt\"\n\"strings\"\n", 1)
	out := runProgram(t, []byte(text+`
func main() {
	for _, line := range strings.Split("`+strings.Join(fills, ",")+`", ",") {
		var name string
		var v float64
		if _, err := fmt.Sscan(line, &name, &v); err != nil {
			panic(err)
		}
		m, x, target := NewTool(), make([]float32, 3*4), make([]float32, 3)
		fill := func(x []float32, v float32) {
			for i := range x {
				x[i] = v
			}
		}
		fill(x, 1)
		switch name {
		case "x":
			fill(x[4:8], float32(v))
		case "target":
			fill(target, float32(v))
		}
		for _, p := range m.Params() {
			all := make([]float32, p.Len())
			fill(all, 0.01)
			if p.Name == name {
				fill(all, float32(v))
			}
			if err := p.Set(all); err != nil {
				panic(err)
			}
		}
		m.Forward(x)
		loss, _ := m.Loss(target)
		m.Backward()
		found := m.trace()
		if sound := loss-loss == 0 && nnrt.Finite(m.pool, m.list); sound != (found == nil) {
			panic(line)
		}
		fmt.Println(found)
	}
}
`), nil)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Len(t, lines, len(fills))
	return lines
}
