package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build seed.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build house.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build digits.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build cnn.nn

// net is a generated model, whatever its type.
type net struct {
	state   nnrt.State
	outputs int // numbers predicted of a row
	train   func(inputs, targets []float32, classes []int32) (float32, error)
	predict func(inputs, out []float32) error
	began   [][]float32 // the buffers of a new model that are no counters
}

func makeSeed(cores int) *net {
	m := NewSeed(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 1, predict: m.Predict, train: func(x, t []float32, _ []int32) (float32, error) { return m.Train(x, t) }}
}

func makeHouse(cores int) *net {
	m := NewHouse(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 1, predict: m.Predict, train: func(x, t []float32, _ []int32) (float32, error) { return m.Train(x, t) }}
}

func makeDigits(cores int) *net {
	m := NewDigits(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 10, predict: m.Predict, train: func(x, _ []float32, c []int32) (float32, error) { return m.Train(x, c) }}
}

func makeCNN(cores int) *net {
	m := NewDigitsCNN(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 10, predict: m.Predict, train: func(x, _ []float32, c []int32) (float32, error) { return m.Train(x, c) }}
}

// nnc is the peer that all others are compared with.
func nnc() worker.Peer {
	return worker.Peer{Version: "nnc" + revision(), Open: openNNC}
}

// revision returns the commit that the program is built from, if Go has noted it.
func revision() string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return " " + s.Value[:min(7, len(s.Value))]
			}
		}
	}
	return ""
}

func openNNC(t worker.Task) (*worker.Job, error) {
	runtime.GOMAXPROCS(t.Cores)
	f, err := weights.Read(t.File)
	if err != nil {
		return nil, err
	}
	if t.What == "product" {
		return openProduct(t, f, nnrt.Panels)
	}
	w, err := find(t.Workload)
	if err != nil {
		return nil, err
	}
	n := w.make(t.Cores)
	rows, err := read(f, w)
	if err != nil {
		return nil, err
	}
	restart := func() error { return n.restart(f) }
	if t.What == "predict" {
		out := make([]float32, t.Size*n.outputs)
		inputs := rows.inputs[:t.Size*w.data.inputs]
		return &worker.Job{
			Restart: restart,
			Step:    func() (float32, error) { return 0, n.predict(inputs, out) },
			Output:  func() []float32 { return out },
		}, nil
	}
	batch := 0
	return &worker.Job{
		Restart: func() error { batch = 0; return restart() },
		Step: func() (float32, error) {
			inputs, targets, classes := rows.batch(batch, w)
			if batch++; batch == w.data.batches {
				batch = 0
			}
			return n.train(inputs, targets, classes)
		},
	}, nil
}

// restart sets the parameters to those of the file, and all else to what it is in a new model.
func (n *net) restart(f *weights.File) error {
	if n.began == nil {
		for _, b := range n.state.Buffers {
			began := make([]float32, b.Len())
			if !b.Integers() {
				if err := b.Get(began); err != nil {
					return err
				}
			}
			n.began = append(n.began, began)
		}
	}
	rate := *n.state.Rate
	n.state.Clear()
	*n.state.Rate = rate
	for i, b := range n.state.Buffers {
		if !b.Integers() {
			if err := b.Set(n.began[i]); err != nil {
				return err
			}
		}
	}
	for _, p := range n.state.Params {
		t, ok := f.Tensor(p.Name)
		if !ok {
			return fmt.Errorf("%s is not in the file", p.Name)
		}
		if err := p.Set(t.F32); err != nil {
			return err
		}
	}
	return nil
}

// rows is a workload's data as nnc wants it.
type rows struct {
	inputs, targets []float32
	classes         []int32
}

func read(f *weights.File, w *workload) (r rows, err error) {
	inputs, _ := f.Tensor("inputs")
	targets, _ := f.Tensor("targets")
	if inputs == nil || targets == nil {
		return r, fmt.Errorf("the file has no inputs or no targets")
	}
	r.inputs, r.targets = inputs.F32, targets.F32
	for _, c := range targets.I64 {
		r.classes = append(r.classes, int32(c))
	}
	all := w.batch * w.data.batches
	if len(r.inputs) != all*w.data.inputs || len(r.targets)+len(r.classes) != all {
		return r, fmt.Errorf("the file has not the %d rows of %s", all, w.name)
	}
	return r, nil
}

func (r *rows) batch(i int, w *workload) (inputs, targets []float32, classes []int32) {
	inputs = r.inputs[i*w.batch*w.data.inputs:][:w.batch*w.data.inputs]
	if r.classes != nil {
		return inputs, nil, r.classes[i*w.batch:][:w.batch]
	}
	return inputs, r.targets[i*w.batch:][:w.batch], nil
}
