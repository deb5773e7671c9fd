package compiler_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
)

// What is frozen takes no part in decay, clipping and averages; its running statistics go on.
func TestFrozenTakesPartInNothing(t *testing.T) {
	file, list := grammar.Parse("a.nn", []byte("linear 3->4; batchnorm; tanh; linear 2\nfreeze \"batchnorm1.*\" \"linear2.bias\"\n"+
		"loss mse; adamw 0.1 decay=0.5; clip 0.1; average; accumulate 2\n"))
	require.Empty(t, list)
	forward, list := check.File(file, check.Options{Model: "A"})
	require.Empty(t, list)
	step := autodiff.Step(forward)
	var kept []string
	for _, s := range step.Slots {
		if !slices.Contains(kept, s.Of.Name) {
			kept = append(kept, s.Of.Name)
		}
	}
	trained := []string{"linear1.weight", "linear1.bias", "linear2.weight"}
	assert.Equal(t, trained, kept)
	env := interp.Env{}
	draw := func(v *ir.Value, rows int, at func(i int) float64) {
		env[v] = ir.NewTensor(v.Type, rows)
		for i := range env[v].Data {
			env[v].Data[i] = at(i)
		}
	}
	for _, list := range [][]*ir.Value{step.Inputs, step.Targets, step.Params, step.States} {
		for _, v := range list {
			draw(v, 5, func(i int) float64 { return float64(i*i%7)/5 + 0.5 })
		}
	}
	for _, v := range append(slices.Clone(step.Slots), step.Scalars...) {
		draw(v, 1, func(int) float64 { return 0 })
	}
	for _, v := range step.Scalars {
		switch v.Name {
		case ir.BatchRows:
			draw(v, 1, func(int) float64 { return 5 })
		case ir.LearningRate:
			draw(v, 1, func(int) float64 { return 0.1 })
		}
	}
	before := map[string][]float64{}
	for _, list := range [][]*ir.Value{step.Params, step.States} {
		for _, v := range list {
			before[v.Name] = slices.Clone(env[v].Data)
		}
	}
	require.NoError(t, interp.Run(step, env, 5, 0, nil))
	var changed []string
	for _, list := range [][]*ir.Value{step.Params, step.States} {
		for _, v := range list {
			if !slices.Equal(before[v.Name], env[v].Data) {
				changed = append(changed, v.Name)
			}
		}
	}
	assert.Equal(t, append(trained, "batchnorm1.running_mean", "batchnorm1.running_var", "batchnorm1.num_batches_tracked"), changed)
	for _, n := range step.Nodes {
		if n.Op.Name == "clip_scale" {
			assert.Len(t, n.In, 3)
		}
	}
}
