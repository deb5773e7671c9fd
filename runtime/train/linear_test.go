package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// linear is a model written by hand: y = W·x + b, judged by one loss, updated by plain SGD.
type linear struct {
	in, out int
	loss    *data.Judged
	lr      float32
	w, b    []float32 // [out, in], [out]
	seen    [][]float32
	fail    error
	poison  int // the step whose loss is NaN, from 1; 0 is none
	steps   int
}

func newLinear(in, out int, loss *data.Judged) *linear {
	return &linear{in: in, out: out, loss: loss, lr: 0.05, w: make([]float32, in*out), b: make([]float32, out)}
}

func (l *linear) model(batch, epochs int) Model {
	target := data.Port{Name: "target", Shape: []int{l.out}, Judged: l.loss}
	if l.loss == byCrossEntropy {
		target = data.Port{Name: "target", Int: true, Limit: l.out, Judged: l.loss}
	}
	return Model{
		Name:    "Linear",
		Inputs:  []data.Port{{Name: "features", Shape: []int{l.in}}},
		Targets: []data.Port{target},
		Outputs: []data.Port{{Name: "linear1", Shape: []int{l.out}}},
		Losses:  []Loss{by(l.loss, Loss{Weight: 1})},
		Batch:   batch, Epochs: epochs, Seed: 1,
		Train: l.train, Predict: l.predict, Export: l.export, Import: l.load,
		Want: func() []weights.Want {
			return []weights.Want{{Name: "linear1.weight", Shape: []int{l.out, l.in}, Also: []string{"linear2.weight"}}, {Name: "linear1.bias", Shape: []int{l.out}}}
		},
	}
}

func (l *linear) row(x, y []float32) {
	for o := range l.out {
		sum := l.b[o]
		for i := range l.in {
			sum += float32(l.w[o*l.in+i] * x[i])
		}
		y[o] = sum
	}
}

func (l *linear) predict(b *Batch, out [][]float32) error {
	if len(b.Inputs[0].Float) != b.N*l.in || len(out[0]) != b.N*l.out || b.Targets != nil {
		return fmt.Errorf("a batch of %d rows with %d inputs and %d outputs", b.N, len(b.Inputs[0].Float), len(out[0]))
	}
	for r := range b.N {
		l.row(b.Inputs[0].Float[r*l.in:(r+1)*l.in], out[0][r*l.out:(r+1)*l.out])
	}
	return nil
}

func (l *linear) train(b *Batch) (float32, error) {
	if len(b.Inputs[0].Float) != b.N*l.in || b.N < 1 {
		return 0, fmt.Errorf("a batch of %d rows with %d inputs", b.N, len(b.Inputs[0].Float))
	}
	l.steps++
	if l.fail != nil {
		return 0, l.fail
	}
	if l.steps == l.poison {
		return float32(math.NaN()), nil
	}
	l.seen = append(l.seen, slices.Clone(b.Inputs[0].Float))
	y, dw, db := make([]float32, l.out), make([]float32, len(l.w)), make([]float32, l.out)
	total := 0.0
	for r := range b.N {
		x := b.Inputs[0].Float[r*l.in : (r+1)*l.in]
		l.row(x, y)
		d := make([]float64, l.out)
		switch l.loss {
		case byCrossEntropy:
			t := int(b.Targets[0].Int[r])
			log := logSumExp(y)
			total += (log - float64(y[t])) / float64(b.N)
			for o := range d {
				d[o] = math.Exp(float64(y[o])-log) / float64(b.N)
			}
			d[t] -= 1 / float64(b.N)
		default:
			for o := range d {
				e := float64(y[o]) - float64(b.Targets[0].Float[r*l.out+o])
				total += e * e / float64(b.N*l.out)
				d[o] = 2 * e / float64(b.N*l.out)
			}
		}
		for o := range l.out {
			db[o] += float32(d[o])
			for i := range l.in {
				dw[o*l.in+i] += float32(d[o]) * x[i]
			}
		}
	}
	for i := range l.w {
		l.w[i] -= l.lr * dw[i]
	}
	for i := range l.b {
		l.b[i] -= l.lr * db[i]
	}
	return float32(total), nil
}

func (l *linear) export() []weights.Tensor {
	return []weights.Tensor{
		{Name: "linear1.weight", DType: weights.F32, Shape: []int{l.out, l.in}, F32: l.w},
		{Name: "linear1.bias", DType: weights.F32, Shape: []int{l.out}, F32: l.b},
	}
}

func (l *linear) load(f *weights.File) error {
	w, hasWeight := f.Tensor("linear1.weight")
	b, hasBias := f.Tensor("linear1.bias")
	if !hasWeight || !hasBias || len(w.F32) != len(l.w) || len(b.F32) != len(l.b) {
		return fmt.Errorf("linear1.weight [%d, %d] and linear1.bias [%d] are wanted", l.out, l.in, l.out)
	}
	copy(l.w, w.F32)
	copy(l.b, b.F32)
	return nil
}
