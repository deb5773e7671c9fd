package gogen

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/layout"
	"github.com/nnc-lang/nnc/compiler/plan"
	"github.com/nnc-lang/nnc/compiler/simplify"
	"github.com/nnc-lang/nnc/grammar"
)

// planned takes a spec through the stages before this one.
func planned(t *testing.T, spec string) *plan.Plan {
	file, list := grammar.Parse("tool.nn", []byte(spec))
	require.NoError(t, list.Err())
	forward, list := check.File(file, check.Options{Model: "Tool"})
	require.NoError(t, list.Err())
	graphs := layout.Assign(simplify.Dead(autodiff.Step(forward)), autodiff.Predict(forward), autodiff.Evaluate(forward))
	return plan.Memory(plan.Graphs{Step: graphs[0], Predict: graphs[1], Evaluate: graphs[2]}, nil)
}

// What a schedule has been told and remembers is part of the state, and begins anew with the model.
func TestResetForgetsEpochs(t *testing.T) {
	source, err := File(planned(t, "linear 4->3\nloss mse; sgd 0.01; schedule plateau patience=1 factor=0.5 cooldown=2"), "main", "")
	require.NoError(t, err)
	runProgram(t, append(source, `
func main() {
	m := NewTool()
	s := m.State()
	m.EpochDone(2)
	m.EpochDone(3)
	m.EpochDone(2)
	if p := *s.Plateau; *s.Rate != 0.005 || p.Best != 2 || !p.Any || p.Bad != 0 || p.Cooling != 2 {
		panic("two bad epochs do not halve the rate")
	}
	m.Reset(3)
	if *s.Rate != 0.01 || *s.Plateau != (kernel.Plateau{}) {
		panic("epochs are not forgotten")
	}
}
`...), nil)
	source, err = File(planned(t, "linear 4->3\nloss mse; sgd 0.01; schedule step 1 gamma=0.5 warmup=1"), "main", "")
	require.NoError(t, err)
	runProgram(t, append(source, `
func main() {
	m := NewTool()
	x, y := make([]float32, 4), make([]float32, 3)
	const want = "Tool.Train: the schedule of the learning rate needs the number of steps of an epoch: call SetEpochSteps first"
	if _, err := m.Train(x, y); err == nil || err.Error() != want {
		panic(err)
	}
	m.SetEpochSteps(2)
	if _, err := m.Train(x, y); err != nil {
		panic(err)
	}
	if *m.State().EpochSteps != 2 {
		panic("the steps of an epoch are no state")
	}
	m.Reset(3)
	if _, err := m.Train(x, y); err == nil {
		panic("the steps of an epoch are not forgotten")
	}
}
`...), nil)
}

// A model that has trained and is reset trains on as a new one does, to the bit: parameters, slots, running
// statistics, masks, rate and steps begin anew.
func TestResetIsANewModel(t *testing.T) {
	source, err := File(planned(t, "input x[4]\nlinear 8; batchnorm; relu; dropout 0.5\n"+
		"repeat 2 { linear 8; dropout 0.2 }\nlinear 3\nloss mse; adam 0.01; schedule cosine warmup=1\nbatch 5"), "main", "")
	require.NoError(t, err)
	runProgram(t, append(source, `
func main() {
	x, y := make([]float32, 20), make([]float32, 15)
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	trained := func(m *Tool) []float32 {
		m.SetTotalSteps(4)
		for range 4 {
			if _, err := m.Train(x, y); err != nil {
				panic(err)
			}
		}
		var all []float32
		state := m.State()
		for _, p := range state.Params {
			state.Buffers = append(state.Buffers, p.Tensor)
		}
		for _, t := range append(state.Buffers, state.Slots...) {
			if !t.Integers() {
				values := make([]float32, t.Len())
				if err := t.Get(values); err != nil {
					panic(err)
				}
				all = append(all, values...)
			}
		}
		return append(all, float32(m.Steps()))
	}
	seven := NewTool(nnrt.Seed(7))
	m := NewTool()
	first := trained(m)
	if slices.Equal(first, trained(seven)) {
		panic("two seeds give one model")
	}
	m.SetLR(0.5)
	if _, err := m.Forward(x); err != nil {
		panic(err)
	}
	m.Reset(7)
	if !slices.Equal(trained(m), trained(NewTool(nnrt.Seed(7)))) {
		panic("reset to 7 is not a new model of seed 7")
	}
	m.Reset(0)
	if _, err := m.Train(x, y); err == nil {
		panic("the steps in all were not forgotten")
	}
	if !slices.Equal(trained(m), first) {
		panic("reset to 0 is not the first model")
	}
}
`...), nil)
}
