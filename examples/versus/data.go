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
	below   int // they are whole, from 0 to below this; 0: any
	judged  int // targets of a row; 0: one
	classes int // a target is one of so many; 0: the target is a number
	fill    func(random *rand.Rand, s *samples)
}

// samples is what a workload's rows are filled with: of inputs and ids the one that there is, and of targets and classes.
type samples struct {
	size            int // inputs of a row
	inputs, targets []float32
	ids, classes    []int64
}

// file returns what all peers of a workload start from: the model's initial parameters, inputs and targets; of the
// products, two matrices.
func (w *workload) file() *weights.File {
	d, rows := w.data, w.batch*w.data.batches
	name := fnv.New64a()
	name.Write([]byte(w.name))
	random := rand.New(rand.NewPCG(name.Sum64(), 1))
	all := &samples{size: d.inputs}
	inputs := weights.Tensor{Name: "inputs", Shape: []int{rows, d.inputs}}
	all.inputs, all.ids = numbers(&inputs, d.below)
	targets := weights.Tensor{Name: "targets", Shape: []int{rows, max(d.judged, 1)}}
	switch {
	case w.make == nil:
		targets.Name, targets.Shape = "weight", inputs.Shape
	case d.classes > 0 && d.judged == 0:
		targets.Shape = []int{rows}
	}
	all.targets, all.classes = numbers(&targets, d.classes)
	d.fill(random, all)
	f := &weights.File{Tensors: []weights.Tensor{inputs, targets}}
	if w.make == nil {
		return f
	}
	f.Tensors = append(f.Tensors, nnrt.Tensors(w.make(1).state.Params, nil)...)
	return f
}

// numbers gives a tensor its elements, which are whole if they lie below a limit.
func numbers(t *weights.Tensor, below int) ([]float32, []int64) {
	size := 1
	for _, n := range t.Shape {
		size *= n
	}
	if below > 0 {
		t.DType, t.I64 = weights.I64, make([]int64, size)
	} else {
		t.DType, t.F32 = weights.F32, make([]float32, size)
	}
	return t.F32, t.I64
}

// plane is a linear function of normal inputs, and noise.
func plane(random *rand.Rand, s *samples) {
	for r := range s.targets {
		sum := 0.5
		for i := range s.size {
			x := random.NormFloat64()
			s.inputs[r*s.size+i] = float32(x)
			sum += float64(x*float64(i-4)) / 10
		}
		s.targets[r] = float32(sum + float64(0.3*random.NormFloat64()))
	}
}

// waves is a function of normal inputs that is not linear, and noise.
func waves(random *rand.Rand, s *samples) {
	for r := range s.targets {
		row := s.inputs[r*s.size:][:s.size]
		for i := range row {
			row[i] = float32(random.NormFloat64())
		}
		y := math.Sin(float64(row[0])) + math.Abs(float64(row[1])) - float64(row[2])/2
		s.targets[r] = float32(y + float64(0.3*random.NormFloat64()))
	}
}

// strokes is images: each class has its own fifth of the pixels, which are bright. Some are of another class than
// they show, so that the loss keeps away from 0.
func strokes(random *rand.Rand, s *samples) {
	bright := make([][]bool, 10)
	for c := range bright {
		bright[c] = make([]bool, s.size)
		for i := range bright[c] {
			bright[c][i] = random.IntN(5) == 0
		}
	}
	for r := range s.classes {
		shown := random.IntN(10)
		for i := range s.size {
			x := 0.1 * random.Float64()
			if bright[shown][i] {
				x = 1 - float64(0.5*random.Float64())
			}
			s.inputs[r*s.size+i] = float32(x)
		}
		if random.IntN(10) == 0 {
			shown = random.IntN(10)
		}
		s.classes[r] = int64(shown)
	}
}

// opinions is texts of words, of which some are rare, some speak for and some against; a few of the texts are judged
// otherwise than they speak.
func opinions(random *rand.Rand, s *samples) {
	const words = 5000
	for r := range s.targets {
		sum := 0
		for i := range s.size {
			u := random.Float64()
			id := int64(float64(u*u) * words)
			s.ids[r*s.size+i] = id
			switch id % 10 {
			case 0, 1:
				sum++
			case 2, 3:
				sum--
			}
		}
		if (sum > 0) != (random.IntN(10) == 0) {
			s.targets[r] = 1
		}
	}
}

// letters is sequences in which two numbers mostly decide the next: the targets are the inputs, a place further on.
func letters(random *rand.Rand, s *samples) {
	const letters = 65
	for r := range len(s.ids) / s.size {
		before, now := int64(0), random.Int64N(letters)
		for i := range s.size {
			next := (3*now + before + random.Int64N(3)) % letters
			if random.IntN(5) == 0 {
				next = random.Int64N(letters)
			}
			s.ids[r*s.size+i], s.classes[r*s.size+i] = now, next
			before, now = now, next
		}
	}
}

// questions is windows of a question and a passage: the row's tokens, for each whether it is of the passage, and for each
// whether it is one, behind which there is padding. The answer begins behind a token that announces it.
func questions(random *rand.Rand, s *samples) {
	const class, separator, announcing, words = 101, 102, 2000, 30522
	for r := range len(s.classes) / 2 {
		row := s.ids[r*s.size:][:s.size]
		tokens, segment, mask := row[:window], row[window:2*window], row[2*window:]
		asked, length := 8+random.IntN(12), window/2+random.IntN(window/2+1)
		for i := range length {
			tokens[i], mask[i] = announcing+1+random.Int64N(words-announcing-1), 1
			if i > asked {
				segment[i] = 1
			}
		}
		tokens[0], tokens[asked], tokens[length-1] = class, separator, separator
		start := asked + 2 + random.IntN(length-asked-8)
		tokens[start-1] = announcing
		s.classes[2*r], s.classes[2*r+1] = int64(start), int64(start+random.IntN(5))
	}
}

// even is numbers from −1 to 1.
func even(random *rand.Rand, s *samples) {
	for i := range s.inputs {
		s.inputs[i] = float32(2*random.Float32()) - 1
		s.targets[i] = float32(2*random.Float32()) - 1
	}
}
