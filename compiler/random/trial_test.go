package random

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
)

// trial is a spec that is tried, and what its training starts from: parameters, and the rows of each batch. All of it is a
// function of the spec's text.
type trial struct {
	name, spec string
	*rand.Rand

	forward, step, predict, evaluate *ir.Graph

	streams map[*ir.Node]string // the names of random numbers: the first node of a layer that draws some has the layer's, others their own

	code  []byte
	start map[*ir.Value]ir.Tensor   // the parameters
	sizes []int                     // the rows of each batch
	data  []map[*ir.Value]ir.Tensor // those of inputs and targets
	each  int                       // batches that make a step
	scale float64                   // of the inputs

	redrawn int // rows
	unclear int // batches in which a kink stayed near
}

// The numbers that schedules are told, whatever they say.
const totalSteps, epochSteps = 7, 2

// newTrial compiles a spec into a model of that name, and draws the parameters.
func newTrial(name, spec string) (*trial, error) {
	hash := fnv.New64a()
	hash.Write([]byte(spec))
	t := &trial{name: name, spec: spec, Rand: rand.New(rand.NewPCG(hash.Sum64(), 1)), scale: 1, each: 1}
	text := strings.Replace(spec, "model Named", "model "+name, 1)
	options := compiler.Options{Package: "main", Model: name, Verify: true, RowWeights: strings.HasPrefix(spec, rowsWeighed),
		Program: strings.HasPrefix(spec, asProgram) || strings.Contains(spec, "class_weights=balanced")}
	out, list, err := compiler.Compile(name+".nn", []byte(text), options)
	if err == nil {
		err = list.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%v\n%s", err, spec)
	}
	t.code = out.Code
	file, _ := grammar.Parse(name+".nn", []byte(text))
	if t.forward, list = check.File(file, check.Options{Model: name, RowWeights: options.RowWeights}); list.HasErrors() {
		return nil, list.Err()
	}
	t.step, t.predict, t.evaluate = autodiff.Step(t.forward), autodiff.Predict(t.forward), autodiff.Evaluate(t.forward)
	t.streams = map[*ir.Node]string{}
	layers := map[string]bool{}
	for _, n := range t.step.Nodes {
		if !n.Op.Random {
			continue
		}
		if t.streams[n] = n.Layer; layers[n.Layer] {
			t.streams[n] = n.Out[0].Name
		}
		layers[n.Layer] = true
	}
	t.start = map[*ir.Value]ir.Tensor{}
	for _, p := range t.forward.Params {
		t.start[p] = t.parameter(p)
	}
	batch := t.forward.Recipe.Batch
	t.sizes = []int{batch, batch, (batch + 1) / 2, batch}
	if a := t.forward.Recipe.Accumulate; a != nil && a.Batches > 1 {
		t.each = a.Batches
		t.sizes = append(t.sizes, batch, (batch+2)/3)
	}
	return t, nil
}

// flushed reports whether an epoch ends with a batch, and with it the running step.
func (t *trial) flushed(batch int) bool { return batch == 2 || batch == len(t.sizes)-1 }

// parameter draws one that keeps what flows about as large as it is.
func (t *trial) parameter(p *ir.Value) ir.Tensor {
	x := ir.NewTensor(p.Type, 1)
	fan := 2.0
	if shape := p.Type.Shape; len(shape) > 1 {
		fan = 2 * float64(shape.Size()/shape[0])
	}
	for i := range x.Data {
		x.Data[i] = float64(float32(t.NormFloat64() / math.Sqrt(fan)))
	}
	return x
}

// judged returns the loss that compares with a value, nil if none does.
func (t *trial) judged(v *ir.Value) *ir.Criterion {
	for i, j := range t.forward.Recipe.Losses {
		if j.Target == v {
			return &t.forward.Recipe.Losses[i]
		}
	}
	return nil
}

// fill draws a row of an input or a target; positions says which take part where it is a span. All numbers are float32
// ones.
func (t *trial) fill(v *ir.Value, row, positions []float64) {
	j := t.judged(v)
	for i := range row {
		switch {
		case j != nil && j.Kind == ir.Span:
			row[i] = t.position(j, positions)
		case j != nil && j.Kind == ir.Class && v.Role == ir.Target && t.IntN(10) == 0:
			row[i] = float64(j.Ignored)
		case v.Type.Kind == ir.I32:
			row[i] = float64(t.IntN(v.Type.Limit))
		case v.Name == ir.RowWeights:
			row[i] = float64(t.IntN(5)) / 2
		case j != nil && j.Kind == ir.Flag && (j.Link == ir.Score || t.IntN(3) > 0):
			row[i] = float64(t.IntN(2))
		case j != nil && (j.Kind == ir.Flag || j.Kind == ir.Distribution):
			row[i] = float64(float32(t.Float64()))
		case j != nil && j.Kind == ir.Counted:
			row[i] = float64(t.IntN(5))
		case strings.HasPrefix(v.Name, "mask"):
			row[i] = float64(t.IntN(3) - 1)
		default:
			row[i] = float64(float32(t.scale * t.NormFloat64()))
		}
	}
	if j != nil && j.Kind == ir.Distribution {
		normalise(row, v.Type.Shape.Last())
	}
}

// position draws one for a span, of those that take part.
func (t *trial) position(j *ir.Criterion, mask []float64) float64 {
	for range 20 {
		if p := t.IntN(j.Target.Type.Limit); mask == nil || mask[p] != 0 {
			return float64(p)
		}
	}
	return float64(j.Ignored)
}

// normalise makes distributions of so many numbers each, one of which is without its first.
func normalise(row []float64, size int) {
	for ; len(row) > 0; row = row[size:] {
		if size > 1 && row[0] < 0.2 {
			row[0] = 0
		}
		sum := 0.0
		for _, p := range row[:size] {
			sum += p
		}
		for i := range row[:size] {
			row[i] = float64(float32(row[i] / sum))
		}
	}
}

// draw draws the rows of a batch that are to be drawn.
func (t *trial) draw(batch int, rows []int) {
	for _, list := range [][]*ir.Value{t.forward.Inputs, t.forward.Targets} {
		for _, v := range list {
			x, ok := t.data[batch][v]
			if !ok {
				x = ir.NewTensor(v.Type, t.sizes[batch])
				t.data[batch][v] = x
			}
			for _, r := range rows {
				var positions []float64
				if j := t.judged(v); j != nil && j.Mask != nil {
					positions = t.data[batch][j.Mask].Row(r)
				}
				t.fill(v, x.Row(r), positions)
			}
		}
	}
}
