package compiler_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/rng"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// TestBuiltCodeAgreesWithInterp compiles random models, layers small and large in any order, and compares what
// the built code computes with the interpreter: output, every gradient, three updates, predictions. Each layer's
// operations may be written out or call kernels, share loops and share memory; the interpreter knows of none of it.
func TestBuiltCodeAgreesWithInterp(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	const models = 40
	r := rand.New(rand.NewPCG(7, 8))
	given := &weights.File{}
	var runs []parityRun
	want := map[string][]float64{}
	for i := range models {
		run := parityRun{Name: fmt.Sprintf("Random%d", i), Net: fmt.Sprintf("Random%d", i), Spec: randomSpec(r), Batch: 6, Rows: 10, Steps: 3}
		runs = append(runs, run)
		interpret(t, r, run, given, want)
	}
	folder := t.TempDir()
	text, err := json.Marshal(runs)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "parity.json"), text, 0o666))
	require.NoError(t, weights.Write(filepath.Join(folder, "parity.safetensors"), given))
	got, err := weights.Read(trainAll(t, runs, folder))
	require.NoError(t, err)

	for _, run := range runs {
		t.Run(run.Name, func(t *testing.T) {
			for name, b := range want {
				if !strings.HasPrefix(name, run.Name+"/") {
					continue
				}
				a, ok := got.Tensor(name)
				require.True(t, ok, name)
				require.Len(t, a.F32, len(b), name)
				largest := 0.0
				for _, v := range b {
					largest = max(largest, v, -v)
				}
				for k, v := range b {
					if !assert.InDelta(t, v, float64(a.F32[k]), 1e-4*largest+1e-7, "%s[%d] of\n%s", name, k, run.Spec) {
						break
					}
				}
			}
		})
	}
}

// randomSpec writes a chain of one to eight layers of widths that are mostly small.
func randomSpec(r *rand.Rand) string {
	var s strings.Builder
	fmt.Fprintf(&s, "input x[%d, %d]\nflatten\n", 1+r.IntN(4), 1+r.IntN(5))
	width := func() int {
		if r.IntN(4) == 0 {
			return 10 + r.IntN(60)
		}
		return 2 + r.IntN(6)
	}
	for range r.IntN(8) {
		bias := [...]string{"", " bias=false"}[r.IntN(2)]
		activation := [...]string{"tanh", "sigmoid", "relu", "softmax", "dropout 0.3", "tanh; dropout 0.5"}[r.IntN(6)]
		fmt.Fprintf(&s, "linear %d%s; %s\n", width(), bias, activation)
	}
	loss := [...]string{"mse", "cross_entropy", "bce_logits"}[r.IntN(3)]
	// A large ε keeps Adam from magnifying what rounding leaves of a gradient that is 0.
	optimiser := [...]string{"sgd 0.1", "sgd 0.05 momentum=0.9 nesterov", "sgd 0.05 momentum=0.8 dampening=0.2 decay=0.1", "adam 0.01 eps=0.001", "adamw 0.01 eps=0.001"}[r.IntN(5)]
	fmt.Fprintf(&s, "linear %d\nloss %s\n%s\nbatch 6\nseed %d\n", 2+r.IntN(4), loss, optimiser, r.IntN(100))
	return s.String()
}

// interpret draws a start and data for a run, adds them to given, and what comes of them to want.
func interpret(t *testing.T, r *rand.Rand, run parityRun, given *weights.File, want map[string][]float64) {
	file, list := grammar.Parse(run.Name+".nn", []byte(run.Spec))
	require.Empty(t, list)
	forward, list := check.File(file, check.Options{Model: run.Name})
	require.NoError(t, list.Err())
	step, predict := autodiff.Step(forward), autodiff.Predict(forward)

	env := interp.Env{}
	draw := func(v *ir.Value, name string, rows int) ir.Tensor {
		x := ir.NewTensor(v.Type, rows)
		tensor := weights.Tensor{Name: run.Net + "/" + name, DType: weights.F32, Shape: v.Type.Shape}
		if v.Type.Batch {
			tensor.Shape = append([]int{rows}, v.Type.Shape...)
		}
		for i := range x.Data {
			switch {
			case v.Type.Kind == ir.I32:
				x.Data[i] = float64(r.IntN(v.Type.Limit))
				tensor.DType, tensor.I64 = weights.I64, append(tensor.I64, int64(x.Data[i]))
				continue
			case v.Role == ir.Target && forward.Recipe.Losses[0].Name == "bce_logits":
				x.Data[i] = float64(r.IntN(2))
			default:
				x.Data[i] = float64(float32(r.NormFloat64()))
				if v.Role == ir.Param {
					x.Data[i] = float64(float32(x.Data[i] * v.Init.Uniform))
				}
			}
			tensor.F32 = append(tensor.F32, float32(x.Data[i]))
		}
		given.Tensors = append(given.Tensors, tensor)
		return x
	}
	x, target := forward.Inputs[0], forward.Targets[0]
	allX, allT := draw(x, "x", run.Rows), draw(target, "target", run.Rows)
	for _, p := range forward.Params {
		env[p] = draw(p, "init/"+p.Name, 1)
	}
	for _, s := range step.Slots {
		env[s] = ir.NewTensor(s.Type, 1)
	}
	mask := func(n *ir.Node, step int, y ir.Tensor) {
		values := make([]float32, len(y.Data))
		stream := rng.New(forward.Recipe.Seed, n.Layer)
		kernel.DropoutMask(nil, values, uint64(step), stream, y.Rows, y.Type.Shape.Size(), n.Op.Attrs[0].Value)
		for i, v := range values {
			y.Data[i] = float64(v)
		}
	}
	part := func(all ir.Tensor, from, to int) ir.Tensor {
		size := all.Type.Shape.Size()
		return ir.Tensor{Type: all.Type, Rows: to - from, Data: all.Data[from*size : to*size]}
	}
	keep := func(name string, data []float64) { want[run.Name+"/"+name] = append([]float64{}, data...) }
	predictions := func(name string) {
		env[x] = allX
		require.NoError(t, interp.Run(predict, env, run.Rows, 0, mask))
		keep(name, env[predict.Outputs[0]].Data)
	}
	predictions("start")
	given.Tensors = append(given.Tensors, weights.Tensor{Name: run.Net + "/start", DType: weights.F32,
		Shape: []int{len(want[run.Name+"/start"])}, F32: make([]float32, len(want[run.Name+"/start"]))})
	var losses []float64
	from := 0
	for s := range run.Steps {
		to := min(from+run.Batch, run.Rows)
		env[x], env[target] = part(allX, from, to), part(allT, from, to)
		require.NoError(t, interp.Run(step, env, to-from, s, mask))
		losses = append(losses, env[step.Loss].Data[0])
		if s == 0 {
			keep("output", env[step.Outputs[0]].Data)
			for _, p := range forward.Params {
				keep("grad/"+p.Name, env[step.Grad(p)].Data)
			}
		}
		if from = to; from == run.Rows {
			from = 0
		}
	}
	keep("losses", losses)
	for _, p := range forward.Params {
		keep("trained/"+p.Name, env[p].Data)
	}
	predictions("predicted")
}
