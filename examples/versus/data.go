package main

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// data says what made-up data a workload has. The same workload has the same data every time.
type data struct {
	batches int // a step takes the next one, after the last the first again
	inputs  int // numbers of a row
	classes int // the target is one of so many; 0: the target is a number
	fill    func(random *rand.Rand, inputs, targets []float32, classes []int64)
}

// file returns what all peers of a workload start from: the model's initial parameters, inputs and targets; of the
// products, two matrices.
func (w *workload) file() *weights.File {
	d, rows := w.data, w.batch*w.data.batches
	name := fnv.New64a()
	name.Write([]byte(w.name))
	random := rand.New(rand.NewPCG(name.Sum64(), 1))
	inputs := make([]float32, rows*d.inputs)
	f := &weights.File{Tensors: []weights.Tensor{{Name: "inputs", DType: weights.F32, Shape: []int{rows, d.inputs}, F32: inputs}}}
	if w.make == nil {
		other := make([]float32, len(inputs))
		d.fill(random, inputs, other, nil)
		f.Tensors = append(f.Tensors, weights.Tensor{Name: "weight", DType: weights.F32, Shape: []int{rows, d.inputs}, F32: other})
		return f
	}
	targets := weights.Tensor{Name: "targets", DType: weights.F32, Shape: []int{rows, 1}, F32: make([]float32, rows)}
	if d.classes > 0 {
		targets = weights.Tensor{Name: "targets", DType: weights.I64, Shape: []int{rows}, I64: make([]int64, rows)}
	}
	d.fill(random, inputs, targets.F32, targets.I64)
	f.Tensors = append(f.Tensors, targets)
	f.Tensors = append(f.Tensors, nnrt.Tensors(w.make(1).state.Params, nil)...)
	return f
}

// plane is a linear function of normal inputs, and noise.
func plane(random *rand.Rand, inputs, targets []float32, _ []int64) {
	size := len(inputs) / len(targets)
	for r := range targets {
		sum := 0.5
		for i := range size {
			x := random.NormFloat64()
			inputs[r*size+i] = float32(x)
			sum += float64(x*float64(i-4)) / 10
		}
		targets[r] = float32(sum + float64(0.3*random.NormFloat64()))
	}
}

// waves is a function of normal inputs that is not linear, and noise.
func waves(random *rand.Rand, inputs, targets []float32, _ []int64) {
	size := len(inputs) / len(targets)
	for r := range targets {
		row := inputs[r*size:][:size]
		for i := range row {
			row[i] = float32(random.NormFloat64())
		}
		y := math.Sin(float64(row[0])) + math.Abs(float64(row[1])) - float64(row[2])/2
		targets[r] = float32(y + float64(0.3*random.NormFloat64()))
	}
}

// strokes is images: each class has its own fifth of the pixels, which are bright. Some are of another class than
// they show, so that the loss keeps away from 0.
func strokes(random *rand.Rand, inputs, _ []float32, classes []int64) {
	size := len(inputs) / len(classes)
	bright := make([][]bool, 10)
	for c := range bright {
		bright[c] = make([]bool, size)
		for i := range bright[c] {
			bright[c][i] = random.IntN(5) == 0
		}
	}
	for r := range classes {
		shown := random.IntN(10)
		for i := range size {
			x := 0.1 * random.Float64()
			if bright[shown][i] {
				x = 1 - float64(0.5*random.Float64())
			}
			inputs[r*size+i] = float32(x)
		}
		if random.IntN(10) == 0 {
			shown = random.IntN(10)
		}
		classes[r] = int64(shown)
	}
}

// even is numbers from −1 to 1.
func even(random *rand.Rand, inputs, others []float32, _ []int64) {
	for i := range inputs {
		inputs[i] = float32(2*random.Float32()) - 1
		others[i] = float32(2*random.Float32()) - 1
	}
}
