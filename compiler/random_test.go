package compiler_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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

// oncewrong are models that were found to be compiled wrong.
var oncewrong = []string{
	// Of the first round's sum no gradient needs anything, since nothing before it learns; of the second round's one does.
	`block Turn(side) { linear 1; tanh; add side }
	block Both { Turn in; mul in; tanh; linear 1; tanh; h: linear 1; sigmoid; add h }
	input x[1]
	tanh
	repeat 2 { Both }
	linear 2
	loss bce_logits
	sgd 0.1
	batch 6`,
}

// TestBuiltCodeAgreesWithInterp compiles random models of layers small and large and all of the language's structure,
// and compares what the built code computes with the interpreter: outputs, every gradient, a few updates, predictions.
// Each layer's operations may be written out or call kernels, share loops and share memory; the interpreter knows of
// none of it. NNC_LONG makes it many models.
func TestBuiltCodeAgreesWithInterp(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	models := 40
	if os.Getenv("NNC_LONG") != "" {
		models = 300
	}
	r := rand.New(rand.NewPCG(7, 8))
	listed := netList{warned: true, traced: true} // warned of names that nothing uses
	given, want := &weights.File{}, map[string]map[string][]float64{}
	train := func(name, spec string) *oracle {
		o := newOracle(t, r, &trainedNet{Name: name, Net: name, Spec: spec, Batch: 6, Rows: 10, Steps: 4})
		o.train(t)
		return o
	}
	keep := func(o *oracle) {
		listed.Nets = append(listed.Nets, o.trainedNet)
		given.Tensors, want[o.Name] = append(given.Tensors, o.given...), o.want
	}
	drawn := 0
	for i := range models {
		name := fmt.Sprintf("Random%d", i)
		o := train(name, randomSpec(r))
		for ; o.diverges(); drawn++ {
			require.Less(t, drawn, models, "too many trainings diverge")
			o = train(name, randomSpec(r))
		}
		keep(o)
	}
	for i, spec := range oncewrong {
		keep(train(fmt.Sprintf("Once%d", i), spec))
	}
	tensors := filepath.Join(t.TempDir(), "given.safetensors")
	require.NoError(t, weights.Write(tensors, given))
	got := listed.train(t, tensors)

	for _, n := range listed.Nets {
		t.Run(n.Name, func(t *testing.T) {
			compareForms(t, n, got)
			for name, b := range want[n.Name] {
				a, ok := got.Tensor(n.Name + "/" + name)
				require.True(t, ok, name)
				for _, v := range a.I64 {
					a.F32 = append(a.F32, float32(v))
				}
				agrees(t, n.Spec, name, a.F32, b)
			}
		})
	}
}

// diverges reports whether a number of the training is so large that nothing can be said of its rounding.
func (o *oracle) diverges() bool {
	for _, numbers := range o.want {
		if slices.ContainsFunc(numbers, func(v float64) bool { return !(math.Abs(v) < 1e6) }) {
			return true
		}
	}
	return false
}

// agrees asks that the elements of a tensor are those of the interpreter, up to the rounding of sums of large ones: the
// gradient of a bias before a batch norm is 0, of terms that are not.
func agrees(t *testing.T, spec, name string, got []float32, want []float64) {
	require.Len(t, got, len(want), "%s of\n%s", name, spec)
	largest := 0.0
	for _, v := range want {
		largest = max(largest, v, -v)
	}
	for k, v := range want {
		if !assert.InDelta(t, v, float64(got[k]), 1e-4*largest+1e-6, "%s[%d] of\n%s", name, k, spec) {
			return
		}
	}
}

// oracle trains a model in the interpreter. It draws the start and the data, given, and keeps what comes of them, want,
// under the names of the program's file.
type oracle struct {
	*trainedNet
	*rand.Rand
	forward, step, predict *ir.Graph
	env                    interp.Env
	all                    map[*ir.Value]ir.Tensor // the rows of inputs and targets
	given                  []weights.Tensor
	want                   map[string][]float64

	updates, rows int // steps done, and the rows of the running one
}

// newOracle draws the start and the data of a run.
func newOracle(t *testing.T, r *rand.Rand, run *trainedNet) *oracle {
	file, list := grammar.Parse(run.Name+".nn", []byte(run.Spec))
	require.Empty(t, list, run.Spec)
	forward, list := check.File(file, check.Options{Model: run.Name})
	require.NoError(t, list.Err(), run.Spec)
	o := &oracle{trainedNet: run, Rand: r, forward: forward, env: interp.Env{},
		step: autodiff.Step(forward), predict: autodiff.Predict(forward),
		all: map[*ir.Value]ir.Tensor{}, want: map[string][]float64{}}
	for _, x := range forward.Inputs {
		o.Inputs = append(o.Inputs, argument{x.Port(), x.Type.Kind == ir.I32})
		o.all[x] = o.draw(x, "x/"+x.Port(), run.Rows)
	}
	for _, x := range forward.Targets {
		o.Targets = append(o.Targets, argument{x.Port(), x.Type.Kind == ir.I32})
		o.all[x] = o.draw(x, "target/"+x.Port(), run.Rows)
	}
	o.Outputs = forward.Ports
	for _, p := range forward.Params {
		o.env[p] = o.draw(p, "init/"+p.Name, 1)
		if o.step.Updater(p) == nil {
			o.Frozen = append(o.Frozen, p.Name)
		}
	}
	o.Scheduled = strings.Contains(run.Spec, "schedule")
	o.Averaged = forward.Recipe.Average != nil
	if a := forward.Recipe.Accumulate; a != nil {
		epoch := (run.Rows + run.Batch - 1) / run.Batch
		o.Accumulate = a.Batches
		o.Updates = run.Steps/epoch*run.epoch() + run.Steps%epoch/a.Batches
	}
	for _, s := range o.step.Scalars {
		switch s.Name {
		case ir.TotalSteps:
			o.env[s] = ir.Tensor{Type: s.Type, Rows: 1, Data: []float64{float64(run.updates())}}
		case ir.EpochSteps:
			o.env[s] = ir.Tensor{Type: s.Type, Rows: 1, Data: []float64{float64(run.epoch())}}
		}
	}
	for _, s := range o.step.Slots {
		o.env[s] = ir.NewTensor(s.Type, 1)
	}
	for _, s := range forward.States {
		x := ir.NewTensor(s.Type, 1)
		for i := range x.Data {
			x.Data[i] = s.Init.Fill
		}
		o.env[s], o.State = x, append(o.State, s.Name)
	}
	return o
}

// draw draws a value, all of whose elements are float32 numbers. A parameter is small, whatever its `init`.
func (o *oracle) draw(v *ir.Value, name string, rows int) ir.Tensor {
	x := ir.NewTensor(v.Type, rows)
	tensor := weights.Tensor{Name: o.Name + "/" + name, DType: weights.F32, Shape: v.Type.Shape}
	if v.Type.Batch {
		tensor.Shape = append([]int{rows}, v.Type.Shape...)
	}
	for i := range x.Data {
		switch {
		case v.Role == ir.Target && v.Type.Kind == ir.I32 && o.IntN(10) == 0:
			x.Data[i] = -100 // left out
		case v.Type.Kind == ir.I32:
			x.Data[i] = float64(o.IntN(v.Type.Limit))
		case o.judged(v, ir.Flag), o.judged(v, ir.Distribution): // all that the loss asks for
			x.Data[i] = float64(o.IntN(2))
		case o.judged(v, ir.Counted):
			x.Data[i] = float64(o.IntN(5))
		case v.Role == ir.Param:
			x.Data[i] = float64(float32(o.NormFloat64() / math.Sqrt(2*float64(v.Type.Shape.Last()))))
		default:
			x.Data[i] = float64(float32(o.NormFloat64()))
		}
		if v.Type.Kind == ir.I32 {
			tensor.DType, tensor.I64 = weights.I64, append(tensor.I64, int64(x.Data[i]))
		} else {
			tensor.F32 = append(tensor.F32, float32(x.Data[i]))
		}
	}
	o.given = append(o.given, tensor)
	return x
}

// judged reports whether a value is a target that a loss takes for one of that kind.
func (o *oracle) judged(v *ir.Value, kind ir.TargetKind) bool {
	judges := func(j ir.Criterion) bool { return j.Target == v && j.Kind == kind }
	return slices.ContainsFunc(o.forward.Recipe.Losses, judges)
}

// train takes the run's steps.
func (o *oracle) train(t *testing.T) {
	o.predictions(t, "start")
	for i, port := range o.Outputs {
		start := o.want["start/"+port]
		o.given = append(o.given, weights.Tensor{Name: o.Name + "/start/" + port, DType: weights.F32,
			Shape: append([]int{o.Rows}, o.forward.Outputs[i].Type.Shape...), F32: make([]float32, len(start))})
	}
	var losses []float64
	batch, update := o.parts()
	from, batches := 0, 0
	for s := range o.Steps {
		to := min(from+o.Batch, o.Rows)
		o.tell(ir.StepRows, o.rows)
		o.tell(ir.BatchRows, to-from)
		o.run(t, batch, from, to, o.updates)
		losses = append(losses, o.env[o.step.Loss].Data...)
		if s == 0 {
			o.first()
		}
		batches++
		o.rows += to - from
		if from = to; from == o.Rows {
			from = 0
		}
		if batches >= o.Accumulate || from == 0 {
			require.NoError(t, interp.Run(update, o.env, 1, o.updates, nil), o.Spec)
			o.updates++
			batches, o.rows = 0, 0
		}
	}
	o.keep("losses", losses)
	for _, p := range o.forward.Params {
		o.keep("trained/"+p.Name, o.env[p].Data)
	}
	for _, s := range o.forward.States {
		o.keep("state/"+s.Name, o.env[s].Data)
	}
	o.predictions(t, "predicted")
}

// parts are the step's graph in two: what is done for each batch, and what once for all of a step.
func (o *oracle) parts() (batch, update *ir.Graph) {
	part := func(of func(ir.Phase) bool) *ir.Graph {
		g := *o.step
		g.Nodes = slices.DeleteFunc(slices.Clone(g.Nodes), func(n *ir.Node) bool { return !of(n.Phase) })
		return &g
	}
	return part(func(p ir.Phase) bool { return p <= ir.Gather }), part(func(p ir.Phase) bool { return p > ir.Gather })
}

// tell sets a step scalar, where the graph reads it.
func (o *oracle) tell(name string, value int) {
	for _, s := range o.step.Scalars {
		if s.Name == name {
			o.env[s] = ir.Tensor{Type: s.Type, Rows: 1, Data: []float64{float64(value)}}
		}
	}
}

// first keeps what there is after the first step only.
func (o *oracle) first() {
	for i, v := range o.step.Outputs {
		o.keep("output/"+o.Outputs[i], o.env[v].Data)
	}
	for _, p := range o.forward.Params {
		if update := o.step.Updater(p); update != nil {
			o.keep("grad/"+p.Name, o.env[update.BatchGradient()].Data)
		}
	}
}

// predictions keeps what is predicted for all rows.
func (o *oracle) predictions(t *testing.T, kind string) {
	trained := map[*ir.Value]ir.Tensor{}
	for p, average := range o.step.Averages() {
		trained[p] = o.env[p]
		if kind == "predicted" {
			o.env[p] = o.env[average]
			o.keep("saved/"+p.Name, o.env[p].Data)
		}
	}
	o.run(t, o.predict, 0, o.Rows, 0)
	for i, v := range o.predict.Outputs {
		o.keep(kind+"/"+o.Outputs[i], o.env[v].Data)
	}
	maps.Copy(o.env, trained)
}

// run evaluates a graph on some of the rows.
func (o *oracle) run(t *testing.T, g *ir.Graph, from, to, step int) {
	for v, all := range o.all {
		size := v.Type.Shape.Size()
		o.env[v] = ir.Tensor{Type: v.Type, Rows: to - from, Data: all.Data[from*size : to*size]}
	}
	require.NoError(t, interp.Run(g, o.env, to-from, step, o.drawn), o.Spec)
}

// drawn is the runtime's, of float32 numbers: what it drops, or adds, is no matter of rounding.
func (o *oracle) drawn(n *ir.Node, step int, y ir.Tensor) {
	values := make([]float32, len(y.Data))
	stream := rng.New(o.forward.Recipe.Seed, n.Layer).From(uint64(o.rows * y.Type.Shape.Size()))
	if size := y.Type.Shape.Size(); n.Op.Name == "noise_draw" {
		kernel.Noise(nil, values, uint64(step), stream, y.Rows, size, float32(n.Op.Attrs[0].Value))
	} else {
		kernel.DropoutMask(nil, values, uint64(step), stream, y.Rows, size, n.Op.Attrs[0].Value)
	}
	for i, v := range values {
		y.Data[i] = float64(v)
	}
}

func (o *oracle) keep(name string, data []float64) { o.want[name] = slices.Clone(data) }
