package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build seed.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build house.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build digits.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build cnn.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build sentiment.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build shakespeare.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build bert.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build bert_dropout.nn

// net is a generated model, whatever its type.
type net struct {
	state   nnrt.State
	outputs int // numbers predicted of a row
	train   func(b rows) (float32, error)
	predict func(b rows, out []float32) error
	began   [][]float32 // the buffers of a new model that are no counters
}

func makeSeed(cores int) *net {
	m := NewSeed(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 1,
		train:   func(b rows) (float32, error) { return m.Train(b.inputs, b.targets) },
		predict: func(b rows, out []float32) error { return m.Predict(b.inputs, out) }}
}

func makeHouse(cores int) *net {
	m := NewHouse(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 1,
		train:   func(b rows) (float32, error) { return m.Train(b.inputs, b.targets) },
		predict: func(b rows, out []float32) error { return m.Predict(b.inputs, out) }}
}

func makeDigits(cores int) *net {
	m := NewDigits(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 10,
		train:   func(b rows) (float32, error) { return m.Train(b.inputs, b.classes) },
		predict: func(b rows, out []float32) error { return m.Predict(b.inputs, out) }}
}

func makeCNN(cores int) *net {
	m := NewDigitsCNN(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 10,
		train:   func(b rows) (float32, error) { return m.Train(b.inputs, b.classes) },
		predict: func(b rows, out []float32) error { return m.Predict(b.inputs, out) }}
}

func makeSentiment(cores int) *net {
	m := NewSentiment(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 1,
		train:   func(b rows) (float32, error) { return m.Train(b.ids, b.targets) },
		predict: func(b rows, out []float32) error { return m.Predict(b.ids, out) }}
}

func makeShakespeare(cores int) *net {
	m := NewShakespeare(nnrt.Workers(cores))
	return &net{state: m.State(), outputs: 64 * 65,
		train:   func(b rows) (float32, error) { return m.Train(b.ids, b.classes) },
		predict: func(b rows, out []float32) error { return m.Predict(b.ids, out) }}
}

func makeBert(cores int) *net {
	m, w := NewBert(nnrt.Workers(cores)), newWindows(8)
	return &net{state: m.State(), outputs: 2 * window,
		train: func(b rows) (float32, error) {
			w.split(b.ids)
			return m.Train(w.tokens, w.segment, w.mask, b.classes)
		},
		predict: func(b rows, out []float32) error {
			w.split(b.ids)
			return m.Predict(w.tokens, w.segment, w.mask, out)
		}}
}

func makeBertDropout(cores int) *net {
	m, w := NewBertDropout(nnrt.Workers(cores)), newWindows(8)
	return &net{state: m.State(), train: func(b rows) (float32, error) {
		w.split(b.ids)
		return m.Train(w.tokens, w.segment, w.mask, b.classes)
	}}
}

// window is the number of tokens of a question and its passage.
const window = 256

// windows is the three inputs of such, which lie side by side in a row of the file.
type windows struct {
	tokens, segment []int32
	mask            []float32
}

// newWindows returns room for so many rows.
func newWindows(rows int) *windows {
	return &windows{make([]int32, 0, rows*window), make([]int32, 0, rows*window), make([]float32, 0, rows*window)}
}

// split makes the inputs those of some rows.
func (w *windows) split(ids []int32) {
	w.tokens, w.segment, w.mask = w.tokens[:0], w.segment[:0], w.mask[:0]
	for row := range slices.Chunk(ids, 3*window) {
		w.tokens = append(w.tokens, row[:window]...)
		w.segment = append(w.segment, row[window:2*window]...)
		for _, m := range row[2*window:] {
			w.mask = append(w.mask, float32(m))
		}
	}
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
	begin := w.make
	if t.What == "dropout" {
		begin = w.dropout
	}
	if begin == nil {
		return nil, fmt.Errorf("%s has no %s", w.name, t.What)
	}
	n := begin(t.Cores)
	rows, err := read(f, w)
	if err != nil {
		return nil, err
	}
	restart := func() error { return n.restart(f) }
	if t.What == "predict" {
		out := make([]float32, t.Size*n.outputs)
		inputs := rows.some(0, t.Size, w)
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
			b := rows.some(batch*w.batch, w.batch, w)
			if batch++; batch == w.data.batches {
				batch = 0
			}
			return n.train(b)
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

// rows is a workload's data as nnc wants it: of inputs and ids the one that there is, and of targets and classes.
type rows struct {
	inputs, targets []float32
	ids, classes    []int32
}

func read(f *weights.File, w *workload) (r rows, err error) {
	inputs, _ := f.Tensor("inputs")
	targets, _ := f.Tensor("targets")
	if inputs == nil || targets == nil {
		return r, fmt.Errorf("the file has no inputs or no targets")
	}
	r = rows{inputs.F32, targets.F32, narrow(inputs.I64), narrow(targets.I64)}
	all := w.batch * w.data.batches
	if len(r.inputs)+len(r.ids) != all*w.data.inputs || len(r.targets)+len(r.classes) != all*max(w.data.judged, 1) {
		return r, fmt.Errorf("the file has not the %d rows of %s", all, w.name)
	}
	return r, nil
}

func narrow(x []int64) (y []int32) {
	for _, v := range x {
		y = append(y, int32(v))
	}
	return y
}

// some returns so many rows from one on.
func (r *rows) some(from, count int, w *workload) rows {
	judged := max(w.data.judged, 1)
	return rows{cut(r.inputs, from, count, w.data.inputs), cut(r.targets, from, count, judged),
		cut(r.ids, from, count, w.data.inputs), cut(r.classes, from, count, judged)}
}

func cut[T any](all []T, from, count, size int) []T {
	if all == nil {
		return nil
	}
	return all[from*size : (from+count)*size]
}
