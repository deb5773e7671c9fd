package main

import (
	"errors"
	"runtime"

	"github.com/nnc-lang/nnc/examples/internal/byhand"
	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// hand is the peer that is written by hand in Go: a model of one small layer.
func hand() worker.Peer {
	return worker.Peer{Version: "by hand", Open: openHand}
}

func openHand(t worker.Task) (*worker.Job, error) {
	runtime.GOMAXPROCS(t.Cores)
	f, err := weights.Read(t.File)
	if err != nil {
		return nil, err
	}
	w, err := find(t.Workload)
	if err != nil {
		return nil, err
	}
	rows, err := read(f, w)
	if err != nil {
		return nil, err
	}
	var weight [10]float32
	var bias float32
	batch := 0
	return &worker.Job{
		Restart: func() error {
			batch = 0
			w, _ := f.Tensor("linear1.weight")
			b, _ := f.Tensor("linear1.bias")
			if w == nil || b == nil || len(w.F32) != len(weight) || len(b.F32) != 1 {
				return errors.New("the file has not the parameters of 10-1")
			}
			weight, bias = [10]float32(w.F32), b.F32[0]
			return nil
		},
		Step: func() (float32, error) {
			b := rows.some(batch*w.batch, w.batch, w)
			if batch++; batch == w.data.batches {
				batch = 0
			}
			return byhand.Seed(&weight, &bias, (*[byhand.Rows * 10]float32)(b.inputs), (*[byhand.Rows]float32)(b.targets)), nil
		},
	}, nil
}
