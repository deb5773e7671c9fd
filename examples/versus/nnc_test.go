package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// rounding is how far float32 may be from PyTorch's float64, relative to the value or to 1. Adam divides by the root
// of a gradient's mean square, which is all rounding where the gradient is.
const rounding = 2e-5

// large tells models whose steps take a second without assembly, under the race detector.
func (w *workload) large() bool { return w.data.inputs >= 64 }

// open returns the job of a workload's task in nnc.
func open(t *testing.T, w *workload, k task, cores int) *worker.Job {
	t.Helper()
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, weights.Write(file, w.file()))
	job, err := openNNC(worker.Task{Workload: w.name, What: k.what, Size: k.size, File: file, Cores: cores})
	require.NoError(t, err)
	return job
}

func near(t *testing.T, want []float64, got []float32) {
	t.Helper()
	require.GreaterOrEqual(t, len(got), len(want))
	for i := range want {
		assert.InDelta(t, want[i], got[i], rounding*max(1, want[i], -want[i]), "value %d", i)
	}
}

func TestLossesArePyTorchs(t *testing.T) {
	text, err := os.ReadFile("testdata/losses.json")
	require.NoError(t, err)
	var all map[string]struct{ Losses, Predicted []float64 }
	require.NoError(t, json.Unmarshal(text, &all))
	for i := range workloads {
		w := &workloads[i]
		if w.make == nil || testing.Short() && w.large() {
			continue
		}
		want, ok := all[w.name]
		require.True(t, ok, "losses.py does not know %s", w.name)
		for _, k := range w.tasks {
			t.Run(w.name+" "+k.String(), func(t *testing.T) {
				job := open(t, w, k, 1)
				require.NoError(t, job.Restart())
				if k.what == "predict" {
					_, err := job.Step()
					require.NoError(t, err)
					out := job.Output()
					near(t, want.Predicted[:min(len(out), len(want.Predicted))], out)
					return
				}
				for range 2 { // a restart begins anew
					losses := make([]float32, w.steps())
					for i := range losses {
						losses[i], err = job.Step()
						require.NoError(t, err)
					}
					if k.what == "dropout" {
						exact := make([]float32, len(losses))
						for i := range exact {
							exact[i] = float32(want.Losses[i])
						}
						assert.NoError(t, k.agree(exact, losses))
						assert.NotEqual(t, exact, losses)
					} else {
						near(t, want.Losses[:len(losses)], losses)
					}
					require.NoError(t, job.Restart())
				}
			})
		}
	}
}

func TestProductIsFloat64s(t *testing.T) {
	w, err := find(products)
	require.NoError(t, err)
	w.batch, w.data.inputs = 64, 64 // the file of the small ones alone
	defer func() { w.batch, w.data.inputs = largest, largest }()
	f := w.file()
	job := open(t, w, task{"product", 64}, 1)
	_, err = job.Step()
	require.NoError(t, err)
	got := job.Output()
	x, y := f.Tensors[0].F32, f.Tensors[1].F32
	want := make([]float64, 64)
	for i := range want {
		for k := range 64 {
			want[i] += float64(x[i*64+k]) * float64(y[i*64+k])
		}
	}
	near(t, want, got)
}

// No step allocates, and none starts a goroutine, on one core and on several.
func TestNothingIsAllocated(t *testing.T) {
	for i := range workloads {
		w := &workloads[i]
		if w.make == nil || testing.Short() && w.large() {
			continue
		}
		for _, k := range w.tasks {
			for _, cores := range []int{1, 2} {
				job := open(t, w, k, cores)
				require.NoError(t, job.Restart())
				var err error
				runs := 5
				if w.slow {
					runs = 1
				}
				assert.Zero(t, testing.AllocsPerRun(runs, func() { _, err = job.Step() }), "allocations of %s, %v", w.name, k)
				require.NoError(t, err)
				before := worker.Count()
				for range 2 * runs {
					if _, err = job.Step(); err != nil {
						break
					}
				}
				after := worker.Count()
				require.NoError(t, err)
				if before.KnowsGoroutines {
					assert.Less(t, after.Goroutines-before.Goroutines, uint64(10), "goroutines in some steps of %s, %v", w.name, k) // the runtime's own
				}
			}
		}
	}
}

func TestFMALoop(t *testing.T) {
	job, err := fma().Open(worker.Task{Cores: 2})
	if !hasFMA {
		require.ErrorContains(t, err, "AVX2")
		return
	}
	require.NoError(t, err)
	_, err = job.Step()
	require.NoError(t, err)
	assert.Positive(t, job.FLOP)
}

func TestWhatAWorkerIsGivenIsChecked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, weights.Write(file, workloads[0].file()))
	for name, k := range map[string]worker.Task{
		"no dropout":  {Workload: "seed", What: "dropout", Size: 5, File: file, Cores: 1},
		"no workload": {Workload: "speech", What: "train", Size: 5, File: file, Cores: 1},
		"no such":     {Workload: "seed", What: "train", Size: 5, File: file + ".not", Cores: 1},
		"matrices":    {Workload: products, What: "product", Size: 64, File: file, Cores: 1},
		"not the":     {Workload: "house", What: "train", Size: 64, File: file, Cores: 1},
	} {
		_, err := openNNC(k)
		assert.ErrorContains(t, err, name)
	}
}
