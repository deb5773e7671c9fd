package main

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// largest is the size of the largest product. The smaller ones take the first elements of its matrices.
const largest = 2048

// rowByRow is nnc's product with a weight that lies row by row, as it does in other libraries.
func rowByRow() worker.Peer {
	return worker.Peer{Version: "nnc" + revision(), Open: func(t worker.Task) (*worker.Job, error) {
		runtime.GOMAXPROCS(t.Cores)
		f, err := weights.Read(t.File)
		if err != nil {
			return nil, err
		}
		return openProduct(t, f, nnrt.RowMajor)
	}}
}

// openProduct makes y = x·Wᵀ of the runtime's kernels ready. A weight in panels is how it lies in a model.
func openProduct(t worker.Task, f *weights.File, layout nnrt.Layout) (*worker.Job, error) {
	x, _ := f.Tensor("inputs")
	w, _ := f.Tensor("weight")
	n := t.Size
	if n < 1 || x == nil || w == nil || len(x.F32) < n*n || len(w.F32) < n*n {
		return nil, fmt.Errorf("the file has no two matrices of %d rows", n)
	}
	var pool *kernel.Pool
	if t.Cores > 1 {
		pool = kernel.NewPool(t.Cores)
	}
	weight, rows, y := nnrt.Slab(n*n), nnrt.Slab(n*n), nnrt.Slab(n*n)
	copy(rows, x.F32)
	if err := nnrt.NewTensor("weight", weight, layout, n, n).Set(w.F32[:n*n]); err != nil {
		return nil, err
	}
	product := kernel.Linear
	if layout == nnrt.RowMajor {
		product = kernel.LinearRows
	}
	return &worker.Job{
		Restart: func() error { return nil },
		Step: func() (float32, error) {
			product(pool, y, rows, weight, nil, nil, n, n, n)
			return 0, nil
		},
		Output: func() []float32 { return diagonal(y, n) },
	}, nil
}

// diagonal returns what two products are compared by.
func diagonal(y []float32, n int) []float32 {
	d := make([]float32, n)
	for i := range d {
		d[i] = y[i*n+i]
	}
	return d
}

// fma is the peer that does nothing but fused multiply-adds, on numbers in registers: what the cores could do.
func fma() worker.Peer {
	return worker.Peer{Version: "AVX2", Open: openFMA}
}

func openFMA(t worker.Task) (*worker.Job, error) {
	if t.Cores < 1 || !hasFMA {
		return nil, fmt.Errorf("the loop is written for amd64 with AVX2 alone")
	}
	runtime.GOMAXPROCS(t.Cores)
	calls := 1 // of a core in a step
	if t.Cores > 1 {
		calls = 100 // finding the cores must not count
	}
	loop := func() {
		for range calls {
			fmaLoop(fmaTurns)
		}
	}
	return &worker.Job{
		Restart: func() error { return nil },
		Step: func() (float32, error) {
			var others sync.WaitGroup
			for range t.Cores - 1 {
				others.Add(1)
				go func() { defer others.Done(); loop() }()
			}
			loop()
			others.Wait()
			return 0, nil
		},
		FLOP: float64(calls * t.Cores * fmaTurns * fmaFLOP),
	}, nil
}
